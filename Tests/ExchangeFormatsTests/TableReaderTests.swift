import ExchangeFormats
import Testing

@Suite("CSV and TSV")
struct TableReaderTests {
  private func map(_ spec: String, _ header: [String]? = nil, delimiter: UInt8 = 0x2C) throws -> ColumnMap {
    try ColumnMap(spec: spec, header: header, delimiter: delimiter)
  }

  @Test("columns go where the map says, the heading row is blank, and empty cells are absent")
  func columns() throws {
    let columns = try map("note=1,address=2,kind=3,reported_at=4,source=5", ["n", "u", "k", "d", "s"])
    let lines = read(
      "n,u,k,d,s\n\nhi, https://a.example ,video,2026-01-02,team\n,b,,,\n", .csv, columns: columns)
    #expect(short(lines) == ["1 -", "2 -", "3 https://a.example|hi|video|2026-01-02|team", "4 b"])
  }

  @Test("quoted fields hold delimiters, doubled marks and line breaks (RFC 4180 section 2)")
  func quoting() throws {
    let columns = try map("address=1,note=2", ["url", "note"])
    let text =
      "url,note\r\n\"https://a.example/?q=1,2\",\"say \"\"no\"\"\"\r\n"
      + "b,\"one\r\ntwo\n\nfour\"\r\n\"c\",\"\"\r\nd,e\r\n"
    let read = read(Array(text.utf8), .csv, columns: columns)
    #expect(
      short(read.lines) == [
        "1 -", "2 https://a.example/?q=1,2|say \"no\"", "3 b|one\ntwo\n\nfour", "7 c", "8 d|e",
      ])
    #expect(read.linesRead == 8)
  }

  @Test("TSV has no quoting")
  func tabs() throws {
    let columns = try map("address=1,note=2", delimiter: 0x09)
    #expect(short(read("a\t\"b\n\"c\td\"\n", .tsv, columns: columns)) == ["1 a|\"b", "2 \"c|d\""])
  }

  @Test("a row with another number of columns is rejected with both numbers")
  func columnCount() throws {
    let lines = read("u,n\na\nb,1\nc,1,2\n", .csv, columns: try map("address=1", ["u", "n"]))
    #expect(
      faults(lines) == [
        2: .wrongColumnCount(expected: 2, found: 1), 4: .wrongColumnCount(expected: 2, found: 3),
      ])
    let short = read("a\n", .csv, columns: try map("address=3"))
    #expect(faults(short) == [1: .wrongColumnCount(expected: 3, found: 1)])
  }

  @Test("a row without an address is rejected")
  func missingAddress() throws {
    let lines = read(" ,note\n\"\",note\n\" \",note\nx,note\n", .csv, columns: try map("address=1"))
    #expect(faults(lines) == [1: .missingAddress, 2: .missingAddress, 3: .missingAddress])
  }

  @Test("a mark inside a field and text after a closing mark cost their line only")
  func misplacedMarks() {
    let lines = read("a\"b,c\n\"a\"b,c\n \"a\"\ngood\n\"x\" ,y\n", .csv)
    #expect(
      faults(lines) == [
        1: .quoteInsideField(column: 2), 2: .textAfterQuote(column: 4), 3: .quoteInsideField(column: 2),
        5: .textAfterQuote(column: 4),
      ])
    #expect(short(lines)[3] == "4 good")
  }

  @Test("a quoted field that never closes costs the line on which it began")
  func unterminated() {
    let lines = read("a\n\"b\nc\nd,\"\"\ne", .csv)
    #expect(faults(lines) == [2: .unterminatedQuote])
    #expect(short(lines).filter { !$0.contains("!") } == ["1 a", "3 c", "4 d", "5 e"])
    #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
  }

  @Test("when a later line breaks the quoted field, the lines after the first are read by themselves")
  func brokenLater() {
    let lines = read("\"a\nb\n\"c\nd\" x\ne\n", .csv)
    #expect(short(lines).filter { !$0.contains("!") } == ["2 b", "5 e"])
    #expect(
      faults(lines) == [
        1: .textAfterQuote(column: 7), 3: .textAfterQuote(column: 6), 4: .quoteInsideField(column: 2),
      ])
  }

  @Test("a quoted field is looked ahead for 65,536 bytes at most, and reading goes on at the next line")
  func boundedLookahead() {
    let rows = 20_000
    let text = "\"open\n" + String(repeating: "https://a.example/x\n", count: rows)
    let lines = read(text, .csv)
    #expect(lines.count == rows + 1)
    #expect(faults(lines) == [1: .quotedFieldTooLong(limit: 65_536)])
    #expect(lines.map(\.number) == (1...Int64(rows + 1)).map { $0 })
  }

  @Test("a line too long to hold ends an open quoted field")
  func longLineInsideQuotes() {
    let long = String(repeating: "x", count: 70_000)
    let lines = read("\"a\nb\n\(long)\nc\n", .csv)
    #expect(
      faults(lines) == [1: .quotedFieldTooLong(limit: 65_536), 3: .lineTooLong(limit: 65_536)])
    #expect(lines.map(\.number) == [1, 2, 3, 4])
  }

  @Test("bytes unfit for text reject the whole record in which they stand, once")
  func unfitInsideQuotes() {
    let lines = read(Array("\"a\nb".utf8) + [0xFF] + Array("c\"\n\"d\n\u{0}\"\ne\n".utf8), .csv).lines
    #expect(faults(lines) == [1: .invalidUTF8(atByte: 5), 3: .binary])
    #expect(short(lines).last == "5 e")
  }

  @Test("many quoted fields that stay open are read in linear time")
  func linear() {
    let text = String(repeating: "\"a\nb\n\"c\n", count: 200_000)
    #expect(read(Array(text.utf8), .csv).linesRead == 600_000)
  }
}
