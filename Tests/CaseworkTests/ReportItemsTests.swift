import Casework
import Crypto
import Domain
import Storage
import TestDesks
import Testing

@Suite("Reporting items") struct ReportItemsTests {
  private func addresses(_ texts: [String]) -> [ReportedAddress] {
    texts.map { ReportedAddress(address: Array($0.utf8)) }
  }

  /// A key with what is asked under it; the reply says new, sighted or the code of a rejection.
  private func idempotency(_ key: String, body: String = "body") -> Idempotency {
    Idempotency(
      keyDigest: Array(SHA256.hash(data: Array(key.utf8))), bodyDigest: Array(SHA256.hash(data: Array(body.utf8)))
    ) { outcomes in
      let words = outcomes.map { outcome in
        switch outcome {
        case .new: "new"
        case .sighted: "sighted"
        case .rejected(let rejection): rejection.code.rawValue
        }
      }
      return SavedReply(status: 200, body: words.joined(separator: " "))
    }
  }

  private func report(
    _ texts: [String], key: String, body: String = "body", operation: String? = nil, on test: TestDesk,
    as caller: Caller? = nil
  ) async throws -> (reply: SavedReply, isRepeated: Bool) {
    try await test.desk.reportItems(
      addresses(texts), operation: operation, terms: ReportTerms(handling: .h1, sharing: .owner),
      idempotency: idempotency(key, body: body), as: caller ?? test.owner)
  }

  @Test("each address is new, sighted or rejected, in the order in which they came")
  func outcomes() async throws {
    let test = try await TestDesk()
    let first = try await report(
      ["https://x.example/1", "hxxps://x[.]example/1", "mailto:a@x.example", "https://", "https://y.example/"],
      key: "1",
      on: test)
    #expect(first.reply.body == "new sighted no_place not_an_address new")
    #expect(!first.isRepeated)
    let second = try await report(["https://x.example/1#top", "https://x.example/2"], key: "2", on: test)
    #expect(second.reply.body.hasSuffix("new"))
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.first?.locator == "https://x.example/1" && items.first?.handling == .h1)
    #expect(items.allSatisfy { $0.lastSightedAt >= $0.firstReportedAt })
    #expect(try await test.desk.providers(as: test.owner).map(\.provider.name) == ["x.example", "y.example"])
    #expect(try await test.faults() == [])
  }

  @Test("the same key gets the same reply and has one effect")
  func repeated() async throws {
    let test = try await TestDesk()
    let first = try await report(["https://x.example/1", "junk://"], key: "k", on: test)
    let size = try await test.size()
    let again = try await report(["https://x.example/1", "junk://"], key: "k", on: test)
    #expect(again.reply == first.reply && again.isRepeated)
    #expect(try await test.size() == size)
    #expect(try await test.desk.items(.init(), as: test.owner).map(\.sightings) == [0])
  }

  @Test("another body under a used key is refused, and nothing is recorded")
  func reused() async throws {
    let test = try await TestDesk()
    _ = try await report(["https://x.example/1"], key: "k", on: test)
    let size = try await test.size()
    await #expect(throws: Refusal.keyReused) {
      try await report(["https://x.example/2"], key: "k", body: "other", on: test)
    }
    #expect(try await test.size() == size)
  }

  @Test("a key is its caller's own")
  func keysOfCallers() async throws {
    let test = try await TestDesk()
    let ann = try await test.caller([.analyst], name: "ann")
    _ = try await report(["https://x.example/1"], key: "k", on: test)
    let other = try await report(["https://x.example/1"], key: "k", body: "other", on: test, as: ann)
    #expect(other.reply.body == "sighted" && !other.isRepeated)
  }

  @Test("sent many times at once under one key, a request has one effect")
  func concurrent() async throws {
    let test = try await TestDesk()
    let results = try await withThrowingTaskGroup(of: (SavedReply, Bool).self) { group in
      for _ in 0..<50 {
        group.addTask {
          let result = try await report(["https://x.example/1", "https://x.example/2"], key: "k", on: test)
          return (result.reply, result.isRepeated)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { !$0.1 } == 1)
    #expect(Set(results.map(\.0.body)) == ["new new"])
    #expect(try await test.desk.items(.init(), as: test.owner).map(\.sightings) == [0, 0])
    // Founding, provider, two items, the answer.
    #expect(try await test.size() == 5)
    #expect(try await test.faults() == [])
  }

  @Test("what another agency has on record stays unknown: the same address is new for each")
  func agencies() async throws {
    let test = try await TestDesk()
    _ = try await test.desk.addAgency("Other", as: test.owner)
    let other = try await test.caller([.analyst], name: "ann", agency: "Other")
    _ = try await report(["https://x.example/1"], key: "1", on: test)
    #expect(try await report(["https://x.example/1"], key: "2", on: test, as: other).reply.body == "new")
    let theirs = try #require(try await test.desk.items(.init(), as: other).first)
    #expect(try await test.desk.items(.init(), as: test.owner).count == 1)
    await #expect(throws: Refusal.notFound("such item")) { try await test.desk.item(theirs.id, as: test.owner) }
    await #expect(throws: Refusal.notFound("such item")) {
      try await test.desk.eraseItem(theirs.id, basis: .led, as: test.owner)
    }
    #expect(try await test.faults() == [])
  }

  @Test("an operation is opened once by who may, and named by who may not")
  func operations() async throws {
    let test = try await TestDesk()
    let linguist = try await test.caller([.linguist], name: "lin")
    await #expect(throws: Refusal.notPermitted(.openOperations)) {
      try await report(["https://x.example/1"], key: "1", operation: "Day", on: test, as: linguist)
    }
    _ = try await report(["https://x.example/1"], key: "2", operation: "Day", on: test)
    _ = try await report(["https://x.example/2"], key: "3", operation: " day ", on: test, as: linguist)
    let operations = try await test.desk.operations(as: test.owner)
    #expect(operations.map(\.name) == ["Day"])
    let items = try await test.desk.items(.init(), as: test.owner)
    #expect(items.map(\.operation) == [operations.first?.id, operations.first?.id])
    #expect(try await test.faults() == [])
  }
}
