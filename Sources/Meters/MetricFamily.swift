import Synchronization

/// One metric with all its label values, as Prometheus counts them.
///
/// Labels come from fixed lists or from the program's own routes: never an address, a name or an identifier.
public final class MetricFamily: Sendable {
  public enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  public let name: String
  public let kind: Kind
  /// What is counted, in a sentence.
  public let help: String
  public let labels: [String]
  private let bounds: [Double]
  private let series = Mutex<[[String]: Series]>([:])

  private struct Series {
    var value = 0.0
    var atOrBelow: [Int64] = []
    var count: Int64 = 0
  }

  /// - Parameters:
  ///   - bounds: of a histogram's buckets, ascending; empty for the others.
  ///   - known: label values that are shown as 0 from the start.
  public init(
    _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], bounds: [Double] = [], known: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
    self.bounds = bounds
    for value in known { change([value]) { _ in } }
    if labels.isEmpty, kind != .gauge { change([]) { _ in } }
  }

  public func add(_ amount: Double = 1, _ values: String...) { change(values) { $0.value += amount } }

  public func set(_ amount: Double, _ values: String...) { change(values) { $0.value = amount } }

  /// Takes one observation into a histogram.
  public func observe(_ amount: Double, _ values: String...) {
    change(values) { [bounds] series in
      series.value += amount
      series.count += 1
      for position in bounds.indices where amount <= bounds[position] { series.atOrBelow[position] += 1 }
    }
  }

  /// Replaces a histogram by what was counted elsewhere.
  public func set(atOrBelow: [Int64], count: Int64, sum: Double) {
    precondition(atOrBelow.count == bounds.count, "the buckets of \(name) are others")
    change([]) { $0 = Series(value: sum, atOrBelow: atOrBelow, count: count) }
  }

  /// Takes all values of a gauge away, so that what is gone is not shown for ever.
  public func clear() { series.withLock { $0 = [:] } }

  private func change(_ values: [String], _ body: (inout Series) -> Void) {
    precondition(values.count == labels.count, "\(name) has the labels \(labels)")
    series.withLock { series in
      body(&series[values, default: Series(atOrBelow: Array(repeating: 0, count: bounds.count))])
    }
  }

  // MARK: Text

  /// Appends the family in Prometheus' text format 0.0.4, in a fixed order.
  public func write(to text: inout String) {
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    let found = series.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
    for (values, series) in found {
      switch kind {
      case .counter, .gauge: text += "\(name)\(labelled(values)) \(Self.number(series.value))\n"
      case .histogram:
        for (bound, count) in zip(bounds, series.atOrBelow) {
          text += "\(name)_bucket\(labelled(values, le: Self.number(bound))) \(count)\n"
        }
        text += "\(name)_bucket\(labelled(values, le: "+Inf")) \(series.count)\n"
        text += "\(name)_sum\(labelled(values)) \(Self.number(series.value))\n"
        text += "\(name)_count\(labelled(values)) \(series.count)\n"
      }
    }
  }

  private func labelled(_ values: [String], le: String? = nil) -> String {
    var parts = zip(labels, values).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
    if let le { parts.append("le=\"\(le)\"") }
    return parts.isEmpty ? "" : "{\(parts.joined(separator: ","))}"
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
