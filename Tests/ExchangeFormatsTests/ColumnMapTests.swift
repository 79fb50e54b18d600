import ExchangeFormats
import Testing

@Suite("Which column means what")
struct ColumnMapTests {
  private func plan(_ text: String, columns: String? = nil) throws -> IntakePlan {
    try IntakePlan(fileName: "sheet.csv", firstBytes: Array(text.utf8), columns: columns)
  }

  @Test(
    "a heading in five languages names the address column",
    arguments: [
      "URL", "Adresse", "lien", "Enlace", "webadres", "Content_URL", "Web page", "URI", "Dirección",
    ])
  func headings(heading: String) throws {
    let columns = try #require(try plan("id,\(heading),x\n1,https://a.example/,2\n").columns)
    #expect(columns.hasHeader)
    #expect(columns.columnCount == 3)
    #expect(columns.columns.map(\.role) == [nil, .address, nil])
    #expect(
      columns.description == "column 1 \"id\" → not used\ncolumn 2 \"\(heading)\" → address\n"
        + "column 3 \"x\" → not used")
  }

  @Test("without a heading the column with most addresses is the address")
  func withoutHeader() throws {
    let columns = try #require(
      try plan("1,spam,a.example/1\n2,https://x.example/,t.me/b\n3,ham,c.example\n").columns)
    #expect(!columns.hasHeader)
    #expect(columns.columns.map(\.role) == [nil, nil, .address])
  }

  @Test("a postal address beside links is not taken for the address")
  func postalAddress() throws {
    let columns = try #require(try plan("Address,Link\n\"Main Street 1, Paris\",https://a.example\n").columns)
    #expect(columns.columns.map(\.role) == [nil, .address])
  }

  @Test("known headings give the other columns their roles")
  func otherRoles() throws {
    let columns = try #require(try plan("Datum;Quelle;Adresse;Kommentar;Art\n1;2;a.example;4;5\n").columns)
    #expect(columns.delimiter == UInt8(ascii: ";"))
    #expect(columns.columns.map(\.role) == [.reportedAt, .source, .address, .note, .kind])
  }

  @Test("when no column can be the address, the columns are named with the way out")
  func noAddress() {
    let refusal = IntakeRefusal.noAddressColumn(["id", "comment"])
    #expect(throws: refusal) { try plan("id,comment\n1,hello there\n") }
    #expect(refusal.description.contains("1 \"id\", 2 \"comment\""))
    #expect(refusal.description.contains("--columns address=2"))
  }

  @Test("a person's columns come before any guess, by number or heading")
  func specified() throws {
    let text = "who,where,why\nme,https://a.example,b.example\n"
    let byName = try #require(try plan(text, columns: "address=Why,note=who").columns)
    #expect(byName.hasHeader)
    #expect(byName.columns.map(\.role) == [.note, nil, .address])
    let byNumber = try #require(try plan(text, columns: "address=3").columns)
    #expect(byNumber.columns.map(\.role) == [nil, nil, .address])
  }

  @Test(
    "a wrong --columns is refused with what to write",
    arguments: [
      ("", .malformedSpec("")), ("address", .malformedSpec("address")),
      ("adress=1", .malformedSpec("adress=1")),
      ("address=1,address=2", .roleTwice(.address)), ("address=1,note=1", .columnTwice("1")),
      ("address=0", .unknownColumn("0", [])), ("address=4", .unknownColumn("4", [])),
      ("address=99999999999999999999", .unknownColumn("99999999999999999999", ["a.example", "b", "c"])),
    ] as [(String, IntakeRefusal)])
  func wrongSpec(spec: String, refusal: IntakeRefusal) {
    #expect(throws: refusal) { try plan("a.example,b,c\n", columns: spec) }
  }

  @Test("columns given for a list are refused")
  func noTable() {
    #expect(throws: IntakeRefusal.columnsWithoutTable(.list)) {
      try IntakePlan(fileName: nil, firstBytes: Array("a.example\n".utf8), columns: "address=1")
    }
  }

  @Test("an empty file, or one of a heading alone, is no error")
  func empty() throws {
    #expect(try plan("").columns?.columns.map(\.role) == [.address])
    #expect(try plan("note,url\n").columns?.columns.map(\.role) == [.note, .address])
  }

  @Test("a table of very many columns is described in few lines")
  func manyColumns() throws {
    let columns = try #require(try plan("url" + String(repeating: ",x", count: 99) + "\n").columns)
    #expect(columns.description == "column 1 \"url\" → address\n99 other columns → not used")
  }

  @Test("headings cannot carry control characters into a terminal")
  func controlCharacters() throws {
    let columns = try #require(try plan("url,\u{1B}[31mred\na.example,x\n").columns)
    #expect(!columns.description.contains("\u{1B}"))
  }
}
