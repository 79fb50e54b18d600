import Glibc

/// Why the range can't start or go on, told in a sentence.
public enum RangeFault: Error, Sendable, Hashable, CustomStringConvertible {
  case file(String, Int32)
  /// The directory was made with another seed or number.
  case otherWorld(String, seed: String, items: Int)
  /// A line of one of its files is not one of its own.
  case damaged(String, line: Int)
  /// Another process serves the directory.
  case inUse(String)
  case cannotListen(String, reason: String)
  case packs(String)

  public var description: String {
    switch self {
    case .file(let path, let number):
      "\(path) can't be read or written: \(String(cString: strerror(number)))"
    case .otherWorld(let directory, let seed, let items):
      """
      \(directory) was made with --seed \(seed) --items \(items) (and its own kind of time): \
      give those, or another --dir
      """
    case .damaged(let path, let line): "line \(line) of \(path) was not written by the range: take another --dir"
    case .inUse(let directory): "another range runs in \(directory): end it, or take another --dir"
    case .cannotListen(let address, let reason):
      "\(address) can't be listened on: is another program using the port? Take another with --port (\(reason))"
    case .packs(let problem): "the provider packs can't be used: \(problem)"
    }
  }
}
