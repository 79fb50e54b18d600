import Domain
import Testing
import Wire

@Suite("Entries about items") struct WorkEntryTests {
  private static let item = "01980000-0000-7000-8000-000000000001"
  private let id = ID<Item>(Identifier(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001))

  private func read<Entry: WorkEntry>(
    _ body: String, _ type: Entry.Type = Entry.self, most: Int = 3
  ) throws(MessageFault) -> EntryList<Entry> {
    try EntryList(parsing: Array(body.replacing("ITEM", with: Self.item).utf8), mostEntries: most)
  }

  private func fault<Entry: WorkEntry>(_ body: String, _ type: Entry.Type) throws -> String {
    try #require(#expect(throws: MessageFault.self) { try read(body, type) }).description
  }

  @Test("an assessment with everything, and with the least")
  func assessment() throws {
    let list: EntryList<AssessmentEntry> = try read(
      #"""
      {"item":"ITEM","decision":"refer","categories":["THREAT","INCITE"],"factors":["wording"],"machine_help":true,
       "exemptions":{"art":true,"satire":false,"archive":null},"reasons":"r","replaces":41}
      """#)
    let entry = try #require(list.entries.first)
    #expect(list.isSingle && list.entries.count == 1)
    #expect(entry.item == id && entry.decision == .refer && entry.categories == [.threat, .incite])
    #expect(entry.factors == [.wording] && entry.usedMachineHelp && entry.reasons == "r" && entry.replaces == 41)
    #expect(entry.exemptions == ExemptionRecord(applying: [.art], excluded: [.satire]))
    let least: EntryList<AssessmentEntry> = try read(#"{"item":"ITEM","decision":"reject"}"#)
    let bare = try #require(least.entries.first)
    #expect(bare.categories == [] && bare.factors == [] && bare.reasons == nil && bare.replaces == nil)
    #expect(!bare.usedMachineHelp && bare.exemptions.open == Exemption.allCases)
  }

  @Test("several entries keep their order; what holds for all of them stands beside")
  func several() throws {
    let other = Self.item.dropLast() + "2"
    let list: EntryList<DeconflictionEntry> = try read(
      "{\"clear\":true,\"entries\":[{\"item\":\"\(other)\"},{\"item\":\"ITEM\"}]}")
    #expect(!list.isSingle && list.entries.map(\.item.description) == [String(other), Self.item])
    #expect(list.entries.map(\.clear) == [true, true])
    let single: EntryList<DeconflictionEntry> = try read(#"{"item":"ITEM"}"#)
    #expect(single.isSingle && single.entries.map(\.clear) == [false])
    #expect(try fault(#"{"entries":[{"item":"ITEM","clear":true}]}"#, DeconflictionEntry.self).contains("`clear`"))
  }

  @Test("no more entries than allowed, and at least one")
  func counts() throws {
    func entries(_ count: Int) -> String {
      "{\"entries\":[" + Array(repeating: #"{"item":"ITEM"}"#, count: count).joined(separator: ",") + "]}"
    }
    #expect(try read(entries(3), ClearanceEntry.self).entries.count == 3)
    for count in [0, 4] { #expect(try fault(entries(count), ClearanceEntry.self).contains("1 to 3 entries")) }
  }

  @Test(
    "a referral leaves at once, at the H-hour or at an instant",
    arguments: [
      ("", ReleaseMoment.atOnce), (#","release":null"#, .atOnce), (#","release":"at_once""#, .atOnce),
      (#","release":"h_hour""#, .hHour),
      (#","release":"1970-01-01T00:00:01Z""#, .at(Instant(microseconds: 1_000_000))),
    ])
  func release(member: String, moment: ReleaseMoment) throws {
    let list: EntryList<ReferralEntry> = try read("{\"item\":\"ITEM\"\(member)}")
    #expect(list.entries.first?.release == moment)
  }

  @Test("the other entries")
  func others() throws {
    let confirmation: EntryList<ConfirmationEntry> = try read(
      #"{"item":"ITEM","assessment":7,"agrees":false,"reason":"r"}"#)
    #expect(confirmation.entries.first.map { $0.assessment == 7 && !$0.agrees && $0.reason == "r" } == true)
    let override: EntryList<OverrideEntry> = try read(#"{"item":"ITEM","hold":7,"reason":"r"}"#)
    #expect(override.entries.first.map { $0.hold == 7 && $0.reason == "r" } == true)
    let retraction: EntryList<RetractionEntry> = try read(#"{"item":"ITEM","reason":"r"}"#)
    #expect(retraction.entries.first?.reason == "r")
    let relation: EntryList<RelationEntry> = try read(#"{"item":"ITEM","relation":"copy","original":"ITEM"}"#)
    #expect(relation.entries.first.map { $0.relation == .copy && $0.original == id } == true)
  }

  @Test("what is wrong is refused with a sentence that names the member")
  func refusals() throws {
    let good = #""item":"ITEM","decision":"refer""#
    for (body, named) in [
      ("{", "JSON"), ("[]", "object"), ("{}", "`item`"), (#"{"item":"7"}"#, "`item`"),
      (#"{"item":"ITEM"}"#, "`decision`"),
      (#"{"item":"ITEM","decision":"maybe"}"#, "`decision`"), ("{\(good),\"colour\":1}", "`colour`"),
      ("{\(good),\"categories\":[\"incite\"]}", "`categories`"),
      ("{\(good),\"categories\":\"INCITE\"}", "`categories`"),
      ("{\(good),\"factors\":[1]}", "`factors`"), ("{\(good),\"exemptions\":{\"x\":true}}", "`x`"),
      ("{\(good),\"exemptions\":{\"art\":1}}", "`art`"), ("{\(good),\"exemptions\":[]}", "`exemptions`"),
      ("{\(good),\"reasons\":\"\\u0000\"}", "`reasons`"), ("{\(good),\"replaces\":\"7\"}", "`replaces`"),
      ("{\(good),\"machine_help\":\"no\"}", "`machine_help`"),
      ("{\(good),\"entries\":[{\(good)}]}", "there is no member"),
      ("{\"entries\":[{\(good)},{\"item\":7}]}", "entries[1]"), (#"{"entries":{}}"#, "`entries`"),
    ] {
      let sentence = try fault(body, AssessmentEntry.self)
      #expect(sentence.contains(named), "\(body): \(sentence)")
    }
    #expect(try fault(#"{"item":"ITEM","release":"soon"}"#, ReferralEntry.self).contains("`release`"))
    #expect(try fault(#"{"item":"ITEM","agrees":true}"#, ConfirmationEntry.self).contains("`assessment`"))
    #expect(try fault(#"{"item":"ITEM","assessment":1}"#, ConfirmationEntry.self).contains("`agrees`"))
  }
}
