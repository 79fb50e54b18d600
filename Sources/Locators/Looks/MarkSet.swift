/// The words by which a provider's pages are told apart, made ready to be sought in pages as they come.
///
/// Horspool's algorithm over all words at once: it skips about as many bytes as the shortest word is long, and
/// never holds more of a page than the longest word. ASCII case does not matter.
public struct MarkSet: Sendable {
  private struct Mark: Sendable {
    /// In lower case.
    let bytes: [UInt8]
    let sign: Int
  }

  private let marks: [Mark]
  private let shortest: Int
  private let longest: Int
  /// How far the window may move on, by its last byte; 0 where a word's window may end here.
  private let shifts: [UInt16]

  init(_ marks: [(text: String, sign: Int)]) {
    let known = marks.filter { !$0.text.isEmpty }
    self.marks = known.map { Mark(bytes: ASCII.lowercased(Array($0.text.utf8)), sign: $0.sign) }
    let shortest = min(self.marks.map(\.bytes.count).min() ?? 0, Int(UInt16.max))
    var shifts = [UInt16](repeating: UInt16(shortest), count: 256)
    for mark in self.marks {
      for (index, byte) in mark.bytes.prefix(shortest).enumerated() {
        let shift = UInt16(shortest - 1 - index)
        for form in [byte, ASCII.isLetter(byte) ? byte ^ 0x20 : byte] {
          shifts[Int(form)] = min(shifts[Int(form)], shift)
        }
      }
    }
    self.shortest = shortest
    self.longest = self.marks.map(\.bytes.count).max() ?? 0
    self.shifts = shifts
  }

  public var isEmpty: Bool { marks.isEmpty }

  /// Which ways of being gone the words that were found stand for.
  public struct Found: Sendable, Hashable {
    private var bits: UInt8 = 0

    public init() {}

    mutating func add(_ sign: Int) { bits |= 1 << UInt8(truncatingIfNeeded: sign) }
    func has(_ sign: GoneSigns.Sign) -> Bool { bits & (1 << UInt8(truncatingIfNeeded: sign.rawValue)) != 0 }
    var first: GoneSigns.Sign? { GoneSigns.Sign.allCases.first(where: has) }
  }

  /// A search through one page, chunk by chunk.
  public struct Scan: Sendable {
    public private(set) var found = Found()
    /// The end of what came so far, where a word may have begun.
    private var tail: [UInt8] = []

    public init() {}

    /// Seeks in the next chunk, and in words that began in the chunks before.
    public mutating func feed(_ chunk: UnsafeBufferPointer<UInt8>, _ set: MarkSet) {
      guard !set.isEmpty, !chunk.isEmpty else { return }
      let overlap = set.longest - 1
      if !tail.isEmpty {
        let seam = tail + chunk.prefix(overlap)
        seam.withUnsafeBufferPointer { set.seek($0, &found) }
      }
      set.seek(chunk, &found)
      if chunk.count >= overlap {
        tail = Array(chunk.suffix(overlap))
      } else {
        tail = (tail + chunk).suffix(overlap)
      }
    }
  }

  /// The signs of all words in `text`.
  public func found(in text: [UInt8]) -> Found {
    var scan = Scan()
    text.withUnsafeBufferPointer { scan.feed($0, self) }
    return scan.found
  }

  private func seek(_ text: UnsafeBufferPointer<UInt8>, _ found: inout Found) {
    guard shortest > 0, text.count >= shortest else { return }
    shifts.withUnsafeBufferPointer { shifts in
      var last = shortest - 1
      while last < text.count {
        let shift = Int(shifts[Int(text[last])])
        if shift > 0 {
          last += shift
          continue
        }
        let start = last - shortest + 1
        for mark in marks
        where start + mark.bytes.count <= text.count && ASCII.equalsIgnoringCase(text, start, mark.bytes) {
          found.add(mark.sign)
        }
        last += 1
      }
    }
  }
}
