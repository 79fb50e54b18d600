import ExchangeFormats
import Testing

@Suite("Lines, lists and free text")
struct ListReaderTests {
  @Test("a list gives one trimmed address a line and passes over blank lines and comments")
  func list() {
    let lines = read(
      "# found today\nhttps://a.example/1\r\n\n \t https://b.example/2 \t\n  # more\nlast", .list)
    #expect(
      short(lines) == ["1 -", "2 https://a.example/1", "3 -", "4 https://b.example/2", "5 -", "6 last"])
  }

  @Test("only LF ends a line: CR, NEL and U+2028 inside a line stay in it")
  func lineEnds() {
    let lines = read("a\rb\nc\u{85}d\u{2028}e\r\r\n", .list)
    #expect(short(lines) == ["1 a\rb", "2 c\u{85}d\u{2028}e\r"])
  }

  @Test("a byte order mark is dropped at the beginning of the input and nowhere else")
  func byteOrderMark() {
    #expect(short(read("\u{FEFF}a\n\u{FEFF}b\n", .list)) == ["1 a", "2 \u{FEFF}b"])
    #expect(short(read("\u{FEFF}", .list)) == ["1 -"])
  }

  @Test(
    "every physical line counts, the last one with or without LF",
    arguments: [
      ("", 0), ("\n", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("a\n\n", 2), ("\r", 1),
    ])
  func lineCount(text: String, count: Int64) {
    for format in IntakeFormat.allCases {
      #expect(read(Array(text.utf8), format).linesRead == count)
    }
  }

  @Test("a line of 65,536 bytes is read and a longer one rejected whole", arguments: IntakeFormat.allCases)
  func lineLimit(format: IntakeFormat) {
    let limit = IntakeReader.lineLimit
    let long = [UInt8](repeating: 0x61, count: limit)
    let quoted = [0x22] + long.dropLast(2) + [0x22]
    let fits = format == .jsonl ? quoted : long
    let next: [UInt8] = Array("\n\"b\"\n".utf8)
    for pieces in [[Int.max], [1000], [limit], [limit + 1], [1]] {
      let lines = read(fits + next + long + [0x61] + next, format, pieces: pieces)
      #expect(lines.lines.map(\.number) == [1, 2, 3, 4])
      #expect(faults(lines.lines) == [3: .lineTooLong(limit: limit)])
      #expect(lines.linesRead == 4)
    }
    let cut = read(long + [0x61], format)
    #expect(faults(cut.lines) == [1: .lineTooLong(limit: limit)])
    #expect(cut.linesRead == 1)
  }

  @Test("a line with a NUL byte is rejected as binary, and the next one is read")
  func binary() {
    #expect(faults(read("good\nba\u{0}d and more\ngood\n\u{0}", .list)) == [2: .binary, 4: .binary])
  }

  @Test(
    "ill-formed UTF-8 rejects its line at the byte where it begins",
    arguments: [
      ([0x80], 1), ([0x61, 0xC3], 2), ([0xC0, 0xAF], 1), ([0xE0, 0x80, 0x80], 1), ([0xED, 0xA0, 0x80], 1),
      ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xF8, 0x88, 0x80, 0x80], 1),
      ([0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0xE2, 0x82, 0x61], 10), ([0xFF], 1),
    ] as [([UInt8], Int)])
  func invalidUTF8(bytes: [UInt8], at: Int) {
    let lines = read(bytes + [0x0A] + Array("é€😀\u{D7FF}\u{E000}\u{10FFFF}\n".utf8), .list).lines
    #expect(faults(lines) == [1: .invalidUTF8(atByte: at)])
    #expect(lines.count == 2)
  }

  @Test("free text hands on each line whole")
  func text() {
    let lines = read("  see https://a.example/1, and more \n\n# hxxps://b[.]example\n", .text)
    #expect(
      short(lines) == ["1   see https://a.example/1, and more ", "2 -", "3 # hxxps://b[.]example"])
  }

  @Test("an error that the receiver throws comes through")
  func throwing() {
    struct Stop: Error {}
    var reader = IntakeReader(format: .list)
    #expect(throws: Stop.self) { try reader.feed(Array("a\n".utf8)[...]) { _ in throw Stop() } }
  }
}
