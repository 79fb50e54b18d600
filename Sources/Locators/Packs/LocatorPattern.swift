/// The shape of an address, compiled: host, path segments, query parameters, fragment.
struct LocatorPattern: Sendable {
  /// The most variables that one locator rule may have.
  static let maximumVariables = 8

  /// A host pattern such as `{name}.t.me`; nil: the pack's canonical host.
  var host: Piece?
  var segments: [Piece] = []
  /// Whether more segments may follow, which say nothing.
  var hasOpenEnd = false
  /// The variable that takes all that is left of the path and the query.
  var rest: Int?
  var query: [(key: [UInt8], value: Piece)] = []
  var fragment: Piece?

  /// A run of literal text and variables, with no two variables side by side.
  struct Piece: Sendable {
    var tokens: [Token] = []
    /// The text itself when there is no variable.
    var literal: [UInt8]?
    /// Whether literals are in lower case here and match any case, as the variable beside them does.
    var foldsLiterals = false
  }

  enum Token: Sendable {
    case literal([UInt8])
    case variable(Variable)
  }

  struct Variable: Sendable {
    let slot: Int
    let form: Form
    /// Words that it never stands for, in lower case.
    let reserved: [[UInt8]]
  }

  /// Which bytes a variable may stand for; it always stands for at least one.
  enum Form: String, Sendable, CaseIterable {
    /// Anything that a path segment or a parameter may hold.
    case text
    /// ASCII letters, digits, `-` and `_`.
    case id
    /// ASCII letters and digits.
    case alnum
    /// ASCII digits.
    case digits
    /// ASCII hexadecimal digits.
    case hex
    /// A host label: ASCII letters, digits and inner `-`, not beginning with `xn--`.
    case label

    private static let punycodePrefix = Array("xn--".utf8)

    /// Whether a value may move from path to query or host and stay what it is.
    var isPlain: Bool { self != .text }

    func accepts(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
      guard !range.isEmpty else { return false }
      switch self {
      case .text: return true
      case .id: return holds(bytes, range) { ASCII.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }
      case .alnum: return holds(bytes, range, ASCII.isAlphanumeric)
      case .digits: return holds(bytes, range, ASCII.isDigit)
      case .hex: return holds(bytes, range) { ASCII.hexValue($0) != nil }
      case .label:
        guard range.count < 64, bytes[range.lowerBound] != 0x2D, bytes[range.upperBound - 1] != 0x2D,
          holds(bytes, range, { ASCII.isAlphanumeric($0) || $0 == 0x2D })
        else { return false }
        return range.count < 4 || !ASCII.equalsIgnoringCase(bytes, range.lowerBound, Self.punycodePrefix)
      }
    }

    @inline(__always)
    private func holds(
      _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ test: (UInt8) -> Bool
    ) -> Bool {
      for index in range where !test(bytes[index]) { return false }
      return true
    }
  }
}

/// Where the variables of a pattern stand in an address, by slot.
struct Captures: Sendable {
  private var starts = SIMD8<Int32>(repeating: -1)
  private var ends = SIMD8<Int32>(repeating: -1)

  subscript(slot: Int) -> Range<Int>? {
    get { starts[slot] < 0 ? nil : Int(starts[slot])..<Int(ends[slot]) }
    set {
      starts[slot] = newValue.map { Int32(truncatingIfNeeded: $0.lowerBound) } ?? -1
      ends[slot] = newValue.map { Int32(truncatingIfNeeded: $0.upperBound) } ?? -1
    }
  }
}

/// An address in bytes with the places of its parts; the form in which patterns and rules see it.
struct AddressView {
  let bytes: UnsafeBufferPointer<UInt8>
  var host: Range<Int>
  var path: Range<Int>
  var query: Range<Int>?
  var fragment: Range<Int>?
}

/// The first segments of a path, cut once for all patterns of a pack.
struct PathSegments {
  /// More than any pattern has; what lies beyond is only counted as "more".
  static let limit = 12
  private var starts = SIMD16<Int32>(repeating: 0)
  private var ends = SIMD16<Int32>(repeating: 0)
  private(set) var count = 0
  private(set) var hasMore = false

  /// Cuts at `/`; one slash at the end does not make a segment.
  init(_ address: AddressView) {
    var start = address.path.lowerBound + 1
    let end = address.path.upperBound
    guard start <= end else { return }
    var index = start
    while true {
      if index == end || address.bytes[index] == UInt8(ascii: "/") {
        if index == end && start == end { return }
        if count == Self.limit {
          hasMore = true
          return
        }
        starts[count] = Int32(truncatingIfNeeded: start)
        ends[count] = Int32(truncatingIfNeeded: index)
        count += 1
        if index == end { return }
        start = index + 1
      }
      index += 1
    }
  }

  subscript(index: Int) -> Range<Int> { Int(starts[index])..<Int(ends[index]) }
}
