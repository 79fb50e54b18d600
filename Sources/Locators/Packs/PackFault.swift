/// What is wrong with a provider pack, where, and what to write instead.
public struct PackFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file as it was given, for example `youtube.yaml`.
  public let file: String
  /// The line, counted from 1; nil when the fault is the whole file's.
  public let line: Int?
  /// What is wrong, as a sentence without its full stop.
  public let problem: String
  /// What to write instead.
  public let remedy: String

  public init(file: String, line: Int?, problem: String, remedy: String) {
    self.file = file
    self.line = line
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return "\(place): \(problem); \(remedy)"
  }
}
