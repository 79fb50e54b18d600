import Casework
import Domain
import Storage

/// The part of the board that changes: rendered once for all who may see the same.
struct BoardFragment {
  /// The way of an item, in its order.
  static let stages: [Figure] = [
    .reported, .assessed, .confirmed, .cleared, .referred, .delivered, .answered, .seenGone,
  ]
  /// What happened beside that way.
  static let besides: [Figure] = [
    .held, .rejected, .refused, .claimedGone, .contradicted, .reappeared, .returned, .copies, .retracted,
  ]
  static let columns: [Figure] = [
    .reported, .confirmed, .referred, .delivered, .answered, .claimedGone, .seenGone, .contradicted, .reappeared,
  ]

  let board: OperationBoard
  let words: Words

  @Content var nodes: [Node] {
    let total = board.total
    el("p", .class("asof")) {
      words.nodes(
        "board.as_of",
        ["time": [TimeText.node(board.at)], "n": [.text(words.number(board.journalSize))]])
    }
    el("ol", .class("stages")) { stages(total) }
    el("dl", .class("figures")) {
      Self.besides.map { figure in
        tile(words.code("figure", figure.rawValue), link(figure, total[figure]), isAlarm: Self.isAlarm(figure, total))
      }
      tile(words("board.reports"), el("span") { words.number(total.reports) }, isAlarm: false)
      tile(words("board.looks"), el("span") { words.number(total.looks) }, isAlarm: false)
    }
    section(words("board.providers"), id: "providers", class: "plain") { table(total) }
  }

  private static func isAlarm(_ figure: Figure, _ total: Figures) -> Bool {
    (figure == .contradicted || figure == .reappeared) && total[figure] > 0
  }

  private func stages(_ total: Figures) -> [Node] {
    let whole = total[.reported]
    return Self.stages.enumerated().map { position, figure in
      let next = position + 1 < Self.stages.count ? total[Self.stages[position + 1]] : total[figure]
      return el("li") {
        el("span", .class("name")) { words.code("figure", figure.rawValue) }
        el("span", .class("number")) { link(figure, total[figure]) }
        el("span", .class("share")) {
          position == 0 ? words("board.items") : words.percent(total[figure], of: whole) ?? "–"
        }
        Picture.stage(total[figure], next: next, of: whole)
      }
    }
  }

  private func tile(_ name: String, _ number: Node, isAlarm: Bool) -> Node {
    el("div", isAlarm ? .class("alarm") : nil) {
      el("dt") { name }
      el("dd") { number }
    }
  }

  /// The number, linked to the entries that it counts.
  private func link(
    _ figure: Figure, _ number: Int64, in place: String = "board", provider: ID<Provider>? = nil
  ) -> Node {
    Console.link(
      Target(
        "operations", board.operation.id.description, "figures", figure.rawValue,
        query: [("provider", provider?.description)]),
      .data("key", "\(figure.rawValue) \(place)")
    ) { words.number(number) }
  }

  private func table(_ total: Figures) -> Node {
    el(
      "div", .class("scroll"), Attribute("tabindex", "0"), Attribute("role", "region"),
      .label(words("board.by_provider"))
    ) {
      el("table", .class("numbers")) {
        el("thead") {
          el("tr") {
            el("th", Attribute("scope", "col")) { words("board.provider") }
            Self.columns.map { figure in el("th", Attribute("scope", "col")) { words.code("figure", figure.rawValue) } }
            el("th", Attribute("scope", "col"), .class("picture")) { words("board.gone_of_referred") }
          }
        }
        el("tbody") { board.providers.map { row($0) } }
        el("tfoot") { cells(el("th", Attribute("scope", "row")) { words("board.total") }, total, provider: nil) }
      }
    }
  }

  private func row(_ entry: ProviderFigures) -> Node {
    cells(
      el("th", Attribute("scope", "row")) { Names.provider(entry.provider, words) }, entry.figures,
      provider: entry.provider.id)
  }

  private func cells(_ head: Node, _ figures: Figures, provider: ID<Provider>?) -> Node {
    el("tr") {
      head
      Self.columns.map { figure in
        el("td", Self.isAlarm(figure, figures) ? .class("alarm") : nil) {
          figures[figure] == 0
            ? el("span", .class("faint")) { "0" }
            : link(figure, figures[figure], in: provider?.description ?? "total", provider: provider)
        }
      }
      el("td", .class("picture")) {
        Picture.bar(
          [(figures[.claimedGone], "claimed"), (figures[.seenGone], "gone")], of: figures[.referred])
        el("span", .class("share")) { words.percent(figures[.seenGone], of: figures[.referred]) ?? "–" }
      }
    }
  }
}
