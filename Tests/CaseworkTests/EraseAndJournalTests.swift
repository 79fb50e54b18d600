import Casework
import Domain
import Foundation
import Storage
import TestDesks
import Testing
import TransparencyLog

@Suite("Erasure, checkpoints, proofs, export") struct EraseAndJournalTests {
  private func prepared() async throws -> TestDesk {
    let test = try await TestDesk()
    let text = (0..<300).map { "hxxps://very-particular[.]example/\($0)\n" }.joined()
    var files = MemoryFiles(text)
    _ = try await test.desk.importItems(try ImportRequest(text), files: &files, as: test.owner)
    return test
  }

  @Test("a redress officer erases an item: its address is nowhere in the files, every proof still holds")
  func erasure() async throws {
    let test = try await prepared()
    let desk = test.desk
    let auditor = try await test.caller([.auditor, .analyst], name: "aud")
    let officer = try await test.caller([.redressOfficer], name: "officer")
    let item = try #require(try await desk.items(.init(), as: officer).last)
    let proof = try await desk.proof(of: item.reportIndex, as: auditor)
    let row = try #require(try await desk.journal(from: item.reportIndex, limit: 1, as: auditor).first)
    await #expect(throws: Refusal.notPermitted(.eraseItems)) {
      try await desk.eraseItem(item.id, basis: .gdpr, as: auditor)
    }
    #expect(try await desk.eraseItem(item.id, basis: .gdpr, as: officer) == [item.reportIndex])
    #expect(try await desk.item(item.id, as: officer).locator == nil)
    for name in try FileManager.default.contentsOfDirectory(atPath: test.directory) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(test.directory)/\(name)"))
      let locator = try #require(item.locator)
      #expect(!Self.holds(bytes, locator), "\(name)")
    }
    let erased = try #require(try await desk.journal(from: item.reportIndex, limit: 1, as: auditor).first)
    #expect(erased.personal == nil && erased.personalSalt == nil && erased.leaf == row.leaf)
    _ = try proof.verify(leaf: erased.leaf, by: desk.keys.journal.verifier)
    #expect(try await test.faults() == [])
    await #expect(throws: Refusal.notFound("such item")) {
      try await desk.eraseItem(ID(officer.user.id.identifier), basis: .led, as: officer)
    }
  }

  /// Whether the bytes hold the address with nothing following that would make it another one.
  private static func holds(_ bytes: Data, _ locator: String) -> Bool {
    bytes.range(of: Data(locator.utf8)) != nil
  }

  @Test("the bases of an erasure are these codes")
  func bases() {
    #expect(ErasureBasis.allCases.map(\.rawValue) == ["led-16", "gdpr-17", "eudpr-82", "retention"])
  }

  @Test("a checkpoint is signed by the journal's key, says size and root, and is made once for each size")
  func checkpoint() async throws {
    let test = try await prepared()
    let note = try await test.desk.checkpoint(as: test.owner)
    try test.desk.keys.journal.verifier.verify(note)
    let checkpoint = try Checkpoint(parsing: note.text)
    let head = try await test.desk.store.read { try $0.journalHead() }
    #expect(checkpoint.origin == "test.example/journal")
    #expect(checkpoint.size == UInt64(head.size) && checkpoint.root == head.root)
    #expect(try await test.desk.checkpoint(as: test.owner) == note)
    #expect(try await test.size() == head.size)
    #expect(try await test.faults() == [])
  }

  @Test("a proof shows its own leaf in the checkpoint's tree, and there is none beyond the journal")
  func proofs() async throws {
    let test = try await prepared()
    let verifier = test.desk.keys.journal.verifier
    let rows = try await test.desk.journal(from: 0, limit: 1_000, as: test.owner)
    let size = try await test.size()
    #expect(rows.map(\.index) == Array(0..<size))
    for index in [0, 1, 254, 255, 256, size - 1] {
      let proof = try TLogProof(parsing: try await test.desk.proof(of: index, as: test.owner).encoded)
      #expect(try proof.verify(leaf: rows[Int(index)].leaf, by: verifier).size == UInt64(size))
      #expect(throws: NoteFault.malformedProof) { try proof.verify(leaf: rows[2].leaf, by: verifier) }
    }
    for index in [-1, size, .max, .min] as [Int64] {
      await #expect(throws: Refusal.self) { try await test.desk.proof(of: index, as: test.owner) }
    }
    #expect(try await test.desk.tile(TileCoordinate(level: 0, index: 0), as: test.owner)?.count == 8_192)
    #expect(try await test.desk.tile(TileCoordinate(level: 0, index: 1), as: test.owner) == nil)
  }

  private static let fields = [
    "actor", "at", "facts", "facts_commitment", "facts_salt", "index", "leaf_hash", "personal", "personal_commitment",
    "personal_salt", "subject", "type", "version",
  ]

  @Test("an exported line has what an outsider needs to recompute commitments, leaf and root")
  func lines() async throws {
    let test = try await prepared()
    let rows = try await test.desk.journal(from: 0, limit: 1_000, as: test.owner)
    var edge = TreeEdge()
    for row in rows {
      let line = try JSONObject(parsing: try JournalLine.encode(row))
      #expect(line.members.map(\.key) == Self.fields)
      #expect(try line.integer("index") == row.index)
      #expect(try line.text("facts") == String(decoding: row.facts, as: UTF8.self))
      let facts = PayloadCommitment.commit(
        salt: try line.bytes(hex: "facts_salt"), payload: Array(try line.text("facts").utf8))
      #expect(try line.text("facts_commitment") == facts.hex)
      if let personal = try line.optionalText("personal") {
        let commitment = PayloadCommitment.commit(
          salt: try line.bytes(hex: "personal_salt"), payload: Array(personal.utf8))
        #expect(try line.text("personal_commitment") == commitment.hex)
      } else {
        #expect(line["personal"] == .null && line["personal_salt"] == .null && line["personal_commitment"] == .null)
      }
      #expect(try leafHash(of: line).hex == line.text("leaf_hash"))
      edge.append(contentsOf: [try leafHash(of: line)])
    }
    let head = try await test.desk.store.read { try $0.journalHead() }
    #expect(edge.root == head.root)
    #expect(try JSONObject(parsing: rows[0].facts).members.map(\.key) == ["agency", "owner"])
  }

  /// The leaf rebuilt from the line's own members alone.
  private func leafHash(of line: JSONObject) throws -> TreeHash {
    var json = JSONWriter()
    let members = (
      try line.text("actor"), try line.text("at"), try line.text("facts_commitment"), try line.integer("index"),
      try line.optionalText("personal_commitment"), try line.text("subject"), try line.text("type"),
      try line.integer("version")
    )
    json.object { json in
      json.key("actor")
      json.string(members.0)
      json.key("at")
      json.string(members.1)
      json.key("facts_commitment")
      json.string(members.2)
      json.key("index")
      json.integer(members.3)
      json.key("personal_commitment")
      if let commitment = members.4 { json.string(commitment) } else { json.null() }
      json.key("subject")
      json.string(members.5)
      json.key("type")
      json.string(members.6)
      json.key("version")
      json.integer(members.7)
    }
    return Merkle.leafHash(json.bytes)
  }
}
