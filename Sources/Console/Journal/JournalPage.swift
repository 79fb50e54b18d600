import Casework
import Domain
import Hummingbird
import Storage
import TransparencyLog

/// The journal itself, for those who may read it.
enum JournalPage {
  private static let pageSize = 100

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let words = visit.words
    let size = try await visit.desk.checkpoint(as: visit.caller).size
    // The newest page first; older ones by the links.
    let from =
      visit.query("from").flatMap { Int64($0) }.map { max(0, min($0, max(size - 1, 0))) }
      ?? max(0, size - Int64(pageSize))
    let rows = try await visit.desk.journal(from: from, limit: pageSize, as: visit.caller)
    let root = Shell(words: words, title: words("journal.title"), isWide: true).root(visit, at: .journal) {
      heading([.text(words("journal.title"))])
      el("p", .class("lead")) { words("journal.lead", ["n": words.number(size)]) }
      jump(from, words)
      pages(from: from, size: size, words)
      try? table(rows, words)
      pages(from: from, size: size, words)
    }
    return PageReply.html(root)
  }

  private static func jump(_ from: Int64, _ words: Words) -> Node {
    el("form", .class("inline"), Attribute("method", "get"), .action(Target("journal"))) {
      Field(name: "from", label: words("journal.from")).input("number", value: String(from))
      el("button") { words("list.show") }
    }
  }

  private static func pages(from: Int64, size: Int64, _ words: Words) -> Node {
    let step = Int64(pageSize)
    return el("p", .class("pages")) {
      if from > 0 {
        link(Target("journal", query: [("from", String(max(0, from - step)))]), .class("button")) {
          words("journal.older")
        }
      }
      if from + step < size {
        link(Target("journal", query: [("from", String(from + step))]), .class("button")) { words("journal.newer") }
      }
    }
  }

  private static func table(_ rows: [StoredEvent], _ words: Words) throws -> Node {
    let headers = try rows.reversed().map { ($0, try $0.recorded().header) }
    return grid(
      words("journal.title"),
      [
        words("entry.index"), words("entry.at"), words("entry.type"), words("entry.subject"), words("entry.actor"),
        words("entry.personal"),
      ]
    ) {
      headers.map { row, header in
        el("tr") {
          el("td", .class("index")) {
            link(Target("journal", String(header.index))) { "#" + words.number(header.index) }
          }
          el("td", .class("fixed")) { TimeText.node(header.at) }
          el("td") { words.code("event", header.type) }
          el("td") { subject(header) }
          el("td") { el("code", .class("id")) { header.actor.description } }
          el("td") { words(row.personal == nil ? "entry.personal.no" : "entry.personal.yes") }
        }
      }
    }
  }

  /// Events whose subject is an item lead to its page.
  static func subject(_ header: EventHeader) -> Node {
    let text = header.subject.description
    return isAboutItem(header.type)
      ? link(Target("items", text)) { el("code", .class("id")) { text } } : el("code", .class("id")) { text }
  }

  private static func isAboutItem(_ type: String) -> Bool {
    ["item.", "assessment.", "hold.", "dispatch.", "referral.", "claim."].contains { type.hasPrefix($0) }
  }

  @Sendable static func showEntry(_ visit: Visit) async throws -> Response {
    let index = try visit.index("index")
    let words = visit.words
    guard let row = try await visit.desk.journal(from: index, limit: 1, as: visit.caller).first, row.index == index
    else { throw Refusal.notFound("such entry") }
    let header = try row.recorded().header
    let proof = try await visit.desk.proof(of: index, as: visit.caller)
    let line = String(decoding: try JournalLine.encode(row), as: UTF8.self)
    let title = words("entry.title", ["n": words.number(index)])
    let root = Shell(words: words, title: title).root(visit, at: .journal) {
      heading(
        [.text(title)],
        above: [link(Target("journal", query: [("from", String(max(0, index - 50)))])) { words("journal.title") }])
      section(words.code("event", header.type), id: "event") {
        el("dl", .class("facts")) {
          fact(words("entry.at"), [TimeText.node(header.at)])
          fact(words("entry.subject"), [subject(header)])
          fact(words("entry.actor"), [el("code", .class("id")) { header.actor.description }])
          fact(words("entry.leaf_hash"), [el("code", .class("hash")) { Hex.encode(Merkle.leafHash(row.leaf).bytes) }])
        }
        ReadableFacts(words: words).node(
          facts: String(decoding: row.facts, as: UTF8.self),
          personal: row.personal.map { String(decoding: $0, as: UTF8.self) })
      }
      el("p") { link(Target("journal", String(index), "proof"), .class("button")) { words("proof.download") } }
      el("details", .class("panel")) {
        el("summary") { words("entry.line") }
        el("pre", Attribute("tabindex", "0"), .label(words("entry.line"))) { el("code") { line } }
      }
      ProofText.nodes(proof, words)
    }
    return PageReply.html(root)
  }

  @Sendable static func downloadProof(_ visit: Visit) async throws -> Response {
    let index = try visit.index("index")
    let proof = try await visit.desk.proof(of: index, as: visit.caller)
    return PageReply.download(proof.encoded, named: "entry-\(index).tlog-proof")
  }

  private static func fact(_ name: String, _ value: [Node]) -> Node {
    el("div") {
      el("dt") { name }
      el("dd") { value }
    }
  }
}

extension SignedNote {
  /// How many entries the checkpoint speaks of.
  fileprivate var size: Int64 { get throws { Int64(try Checkpoint(parsing: text).size) } }
}
