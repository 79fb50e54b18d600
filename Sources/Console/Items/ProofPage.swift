import Casework
import Domain
import Hummingbird
import TransparencyLog

/// The proof that one entry of an item's history is in the journal, and how to check it without this server.
enum ProofPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let (entry, item) = try await entry(visit)
    let words = visit.words
    let proof: TLogProof? =
      visit.caller.permits(.readJournal) ? try await visit.desk.proof(of: entry.header.index, as: visit.caller) : nil
    let number = words.number(entry.header.index)
    let root = Shell(words: words, title: words("proof.title", ["n": number])).root(visit, at: .queue) {
      heading(
        [.text(words("proof.title", ["n": number]))],
        above: [link(Target("items", item.description)) { words("proof.back") }])
      el("p", .class("lead")) { words("proof.lead") }
      el("dl", .class("facts")) {
        el("div") {
          el("dt") { words("entry.type") }
          el("dd") { words.code("event", entry.header.type) }
        }
        el("div") {
          el("dt") { words("entry.at") }
          el("dd") { TimeText.node(entry.header.at) }
        }
      }
      if let proof {
        el("p") {
          link(
            Target("items", item.description, "proof", String(entry.header.index), "download"), .class("button")
          ) { words("proof.download") }
        }
        ProofText.nodes(proof, words)
      } else {
        el("div", .class("notice bad")) { el("p") { Refusal.notPermitted(.readJournal).description } }
      }
    }
    return PageReply.html(root)
  }

  @Sendable static func download(_ visit: Visit) async throws -> Response {
    let (entry, _) = try await entry(visit)
    let proof = try await visit.desk.proof(of: entry.header.index, as: visit.caller)
    return PageReply.download(proof.encoded, named: "entry-\(entry.header.index).tlog-proof")
  }

  /// The entry, as far as it belongs to an item that the visitor may see.
  private static func entry(_ visit: Visit) async throws -> (HistoryEntry, ID<Item>) {
    let id: ID<Item> = try visit.id(of: "item")
    let index = try visit.index("index")
    let dossier = try await visit.desk.dossier(id, as: visit.caller)
    guard let entry = dossier.history.first(where: { $0.header.index == index }) else {
      throw Refusal.notFound("such entry in the history of this item")
    }
    return (entry, id)
  }
}

/// A proof as text, with the commands that check it.
enum ProofText {
  @Content static func nodes(_ proof: TLogProof, _ words: Words) -> [Node] {
    section(words("proof.how"), id: "how", class: "plain") {
      el("ol") {
        el("li") { words("proof.step.export") }
        el("li") { words("proof.step.path") }
        el("li") { words("proof.step.root") }
      }
      el("pre", Attribute("tabindex", "0"), .label(words("proof.command"))) {
        el("code") {
          "cordon journal export --data DIR > journal.jsonl\ncordon verify --data DIR --checkpoint CHECKPOINT"
        }
      }
    }
    section(words("proof.text"), id: "text", class: "plain") {
      el("pre", Attribute("tabindex", "0"), .label(words("proof.text"))) { el("code") { proof.encoded } }
    }
  }
}
