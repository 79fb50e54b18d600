import ExchangeFormats
import Testing

@Suite("Telling the format of a file")
struct FormatDetectionTests {
  @Test(
    "the extension decides where it says enough",
    arguments: [
      ("a.csv", .csv), ("dir.x/A.CSV", .csv), ("a.tsv", .tsv), ("a.jsonl", .jsonl), ("a.ndjson", .jsonl),
      ("a.list", .list), ("a.txt", .list), ("a", .list),
    ] as [(String, IntakeFormat)])
  func byName(name: String, format: IntakeFormat) throws {
    #expect(
      try FormatDetection.detect(fileName: name, firstBytes: Array("https://a.example\n".utf8)) == format)
  }

  @Test(
    "without a telling name the content decides",
    arguments: [
      ("", .list), ("https://a.example/1\nhttps://a.example/2\n", .list),
      ("\u{FEFF}{\"url\":\"a\"}\n", .jsonl),
      ("\"https://a.example/\"\n\"https://b.example/\"\n", .jsonl),
      ("url\tnote\nhttps://a.example\tx\n", .tsv),
      ("https://a.example\t1\nhttps://b.example\t2\n", .tsv), ("note;lien\nx;https://a.example\n", .csv),
      ("a.example,seen today\nb.example,seen twice\n", .csv),
      ("1|https://a.example/\n2|https://b.example/\n", .csv),
      ("\"https://a.example/\",\"x\"\n\"https://b.example/\",\"y\"\n", .csv),
      ("https://news.example/1,1234.html\nhttps://news.example/2,99.html\n", .list),
      ("words, and more words\nno, address here\n", .list),
    ] as [(String, IntakeFormat)])
  func byContent(text: String, format: IntakeFormat) throws {
    #expect(try FormatDetection.detect(fileName: nil, firstBytes: Array(text.utf8)) == format)
  }

  @Test(
    "a binary file is refused by name, whatever it is called",
    arguments: [
      (Array("PK\u{03}\u{04}abc".utf8), "a ZIP archive"), (Array("%PDF-1.7\n".utf8), "a PDF document"),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG image"), ([0x1F, 0x8B, 8, 0], "a gzip file"),
      (Array("SQLite format 3\u{0}".utf8), "an SQLite database"),
      ([0x7F, 0x45, 0x4C, 0x46, 2], "an ELF program"),
      ([0, 1, 2, 3, 4, 5], "a binary file"),
    ] as [([UInt8], String)])
  func binary(bytes: [UInt8], name: String) throws {
    for file in ["x.csv", nil] as [String?] {
      let refusal = #expect(throws: IntakeRefusal.self) {
        try FormatDetection.detect(fileName: file, firstBytes: bytes)
      }
      #expect(refusal?.description.hasPrefix("This is \(name)") == true)
    }
  }

  @Test(
    "UTF-16 and UTF-32 are refused with the command that converts them",
    arguments: [
      ([0xFF, 0xFE, 0x61, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x61], "UTF-16"),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "UTF-32"),
      ([0x61, 0, 0x62, 0, 0x63, 0, 0x64, 0, 0x0A, 0], "UTF-16LE"),
    ] as [([UInt8], String)])
  func otherEncodings(bytes: [UInt8], name: String) {
    #expect(throws: IntakeRefusal.otherEncoding(name)) {
      try FormatDetection.detect(fileName: "x.csv", firstBytes: bytes)
    }
    #expect(IntakeRefusal.otherEncoding(name).description.contains("iconv -f \(name) -t UTF-8"))
  }

  @Test("one line with a NUL does not make a list a binary file")
  func oneBadLine() throws {
    let bytes = Array("a.example\nb\u{0}ad\nc.example\nd.example\n".utf8)
    #expect(try FormatDetection.detect(fileName: nil, firstBytes: bytes) == .list)
  }

  @Test("a JSON array is refused with the command that makes lines of it")
  func jsonArray() {
    #expect(throws: IntakeRefusal.jsonArray) {
      try FormatDetection.detect(fileName: "a.json", firstBytes: Array(" [{\"url\":\"a\"}]".utf8))
    }
  }

  @Test("every message is a sentence without a line break")
  func messages() {
    let faults: [IntakeFault] =
      [
        .invalidUTF8(atByte: 3), .lineTooLong(limit: 65_536), .binary,
        .wrongColumnCount(expected: 1, found: 2),
        .missingAddress, .quoteInsideField(column: 1), .textAfterQuote(column: 2),
        .quotedFieldTooLong(limit: 65_536), .unterminatedQuote,
      ] + IntakeFault.JSONReason.allCases.map { .malformedJSON($0, column: 1) }
    for fault in faults {
      #expect(fault.description.hasSuffix(".") && !fault.description.contains("\n"))
    }
  }
}
