import ExchangeFormats
import Testing

@Suite("How the input is cut")
struct ChunkingTests {
  /// Pieces of which hostile and ordinary files are made.
  private static let pieces: [[UInt8]] =
    [
      "\n", "\n", "\r\n", "\"", "\"", "\"\"", ",", ";", "\t", "#", "a", "https://a.example/", " ", "\u{0}",
      "é",
      "😀", "{", "}", "[", "]", ":", "\"url\":", "{\"url\":\"x\"}", "\\", "\\u00e9", "\\ud83d", "1", "-",
      "null",
      "\u{FEFF}", "x,y\n", "\"p\nq\",r\n",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0]]

  @Test("the same bytes give the same lines however they are cut", arguments: IntakeFormat.allCases)
  func anySplit(format: IntakeFormat) {
    var generator = SeededGenerator(seed: 20_260_901)
    for round in 0..<400 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...80, using: &generator) {
        bytes += Self.pieces.randomElement(using: &generator) ?? []
      }
      if round % 40 == 0 { bytes += [UInt8](repeating: 0x62, count: 65_530) + bytes }
      let whole = read(bytes, format)
      for most in [1, 3, 17, 9_000] where most > 100 || bytes.count < 10_000 {
        let sizes = (0..<13).map { _ in Int.random(in: 1...most, using: &generator) }
        let cut = read(bytes, format, pieces: sizes)
        #expect(cut.lines == whole.lines)
        #expect(cut.linesRead == whole.linesRead)
      }
      let feeds = bytes.count { $0 == 0x0A }
      #expect(whole.linesRead == Int64(feeds + (bytes.last.map { $0 != 0x0A } == true ? 1 : 0)))
      #expect(zip(whole.lines, whole.lines.dropFirst()).allSatisfy { $0.number < $1.number })
      if format != .csv { #expect(whole.lines.count == Int(whole.linesRead)) }
    }
  }
}
