import Casework
import Domain
import Hummingbird
import Storage

/// How each provider does: what it says against what was seen, and how long it takes.
enum ProvidersPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let words = visit.words
    let operations = try await visit.desk.operations(as: visit.caller)
    let chosen = visit.operation ?? operations.last?.id
    let cards: [ProviderScorecard] =
      if let chosen { try await visit.desk.scorecards(of: chosen, as: visit.caller) } else { [] }
    let known = try await visit.desk.providers(as: visit.caller)
    let root = Shell(words: words, title: words("providers.title"), isWide: true).root(visit, at: .providers) {
      heading([.text(words("providers.title"))])
      if let chosen { choice(operations, chosen, words) }
      if cards.isEmpty {
        el("p", .class("empty")) { words("providers.none") }
      } else {
        el("p", .class("lead")) { words("providers.lead") }
        if let chosen { scorecards(cards, of: chosen, words) }
      }
      section(words("providers.all"), id: "all", class: "plain") { all(known, words) }
    }
    return PageReply.html(root)
  }

  private static func choice(_ operations: [Operation], _ chosen: ID<Operation>, _ words: Words) -> Node {
    el("form", .class("inline"), Attribute("method", "get"), .action(Target("providers"))) {
      Field(name: "operation", label: words("queue.operation")).select(
        operations.reversed().map { ($0.id.description, $0.name ?? words("name.operation")) },
        value: chosen.description)
      el("button") { words("list.show") }
    }
  }

  static func scorecards(_ cards: [ProviderScorecard], of operation: ID<Operation>, _ words: Words) -> Node {
    let slowest = cards.compactMap(\.medianToAnswer).max() ?? 0
    return grid(
      words("providers.title"),
      [
        words("board.provider"), words.code("figure", "delivered"), words("providers.to_answer"),
        words("providers.to_gone"), words.code("figure", "claimed_gone"), words.code("figure", "seen_gone"),
        words("providers.claim_against_seen"), words.code("figure", "claimed_but_live"),
        words.code("figure", "reappeared"), words.code("figure", "refused"),
      ], class: "numbers"
    ) {
      cards.map { card in row(card, of: operation, slowest: slowest, words) }
    }
  }

  private static func row(
    _ card: ProviderScorecard, of operation: ID<Operation>, slowest: Int64, _ words: Words
  ) -> Node {
    let figures = card.figures
    func number(_ figure: Figure) -> Node {
      guard figures[figure] > 0 else { return el("span", .class("faint")) { "0" } }
      return link(
        Target(
          "operations", operation.description, "figures", figure.rawValue,
          query: [("provider", card.provider.id.description)])
      ) { words.number(figures[figure]) }
    }
    return el("tr") {
      el("th", Attribute("scope", "row")) { Names.provider(card.provider, words) }
      el("td") { number(.delivered) }
      el("td", .class("picture")) {
        Picture.bar([(card.medianToAnswer ?? 0, "time")], of: slowest)
        el("span", .class("share")) { card.medianToAnswer.map { TimeText.duration(seconds: $0) } ?? "–" }
      }
      el("td") { card.medianToSeenGone.map { TimeText.duration(seconds: $0) } ?? "–" }
      el("td") { number(.claimedGone) }
      el("td") { number(.seenGone) }
      el("td", .class("picture")) {
        Picture.bar([(figures[.claimedGone], "claimed"), (figures[.seenGone], "gone")], of: figures[.delivered])
        el("span", .class("share")) { words.percent(figures[.seenGone], of: figures[.delivered]) ?? "–" }
      }
      el("td", figures[.contradicted] > 0 ? .class("alarm") : nil) { number(.contradicted) }
      el("td", figures[.reappeared] > 0 ? .class("alarm") : nil) { number(.reappeared) }
      el("td") { number(.refused) }
    }
  }

  private static func all(_ known: [(provider: Provider, items: Int64)], _ words: Words) -> Node {
    grid(
      words("providers.by_items"), [words("board.provider"), words("providers.pack"), words("providers.items")],
      class: "numbers packs"
    ) {
      known.map { entry in
        el("tr") {
          el("th", Attribute("scope", "row")) { Names.provider(entry.provider, words) }
          el("td") {
            entry.provider.pack.map { pack in el("code") { pack } }
              ?? el("span", .class("faint")) { words("providers.no_pack") }
          }
          el("td") { words.number(entry.items) }
        }
      }
    }
  }
}
