import Casework
import Domain
import Hummingbird
import Storage

/// The journal entries behind a number of the board, so that nobody has to believe it.
enum FigurePage {
  private static let pageSize = 100

  static func show(_ visit: Visit, _ boards: LiveBoards) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    guard let figure = visit.parameters["figure"].flatMap({ Figure(rawValue: $0) }) else {
      throw Refusal.notFound("such figure")
    }
    let provider = visit.query("provider").flatMap { ID<Provider>($0) }
    let board = try await boards.board(of: id, as: visit.caller)
    let page = visit.page(limit: pageSize)
    let indexes = try await visit.desk.entries(behind: figure, of: id, provider: provider, page, as: visit.caller)
    let entries = try await RecordReading.entries(indexes, visit.desk, as: visit.caller)
    let shown = board.providers.filter { provider == nil || $0.provider.id == provider }
    let words = visit.words
    let count = shown.map { $0.figures[figure] }.reduce(0, +)
    let name = words.code("figure", figure.rawValue)
    let root = Shell(words: words, title: name, isWide: true).root(visit, at: .operations) {
      heading(
        [.text(words("figure.title", ["figure": name, "n": words.number(count)]))],
        above: [link(Target("operations", id.description)) { Names.operation(board.operation, words) }])
      el("p", .class("lead")) { words.code("figure_fold", figure.rawValue) }
      if provider != nil, let entry = shown.first {
        el("p") {
          words.nodes("figure.of_provider", ["provider": [Names.provider(entry.provider, words)]])
          " "
          link(Target("operations", id.description, "figures", figure.rawValue)) { words("figure.all_providers") }
        }
      }
      if entries.isEmpty { el("p", .class("empty")) { words("figure.none") } } else { table(entries, board, visit) }
      if indexes.count == pageSize, let last = indexes.last {
        el("p", .class("pages")) {
          link(
            Target(
              "operations", id.description, "figures", figure.rawValue,
              query: [("provider", provider?.description), ("after", String(last))]), .class("button")
          ) { words("list.next") }
        }
      }
    }
    return PageReply.html(root)
  }

  private static func table(
    _ entries: [(header: EventHeader, item: Item)], _ board: OperationBoard, _ visit: Visit
  ) -> Node {
    let words = visit.words
    let providers = Dictionary(
      board.providers.map { ($0.provider.id, $0.provider) }, uniquingKeysWith: { first, _ in first })
    return grid(
      words("figure.entries"),
      [words("entry.index"), words("entry.at"), words("entry.type"), words("queue.provider"), words("queue.item")]
    ) {
      entries.map { entry in
        el("tr") {
          el("td", .class("index")) { EntryLink.node(entry.header.index, visit) }
          el("td", .class("fixed")) { TimeText.node(entry.header.at) }
          el("td") { words.code("event", entry.header.type) }
          el("td") { Names.provider(providers[entry.item.provider], words) }
          el("td") {
            link(Target("items", entry.item.id.description)) { Names.locator(entry.item.locator, words) }
          }
        }
      }
    }
  }
}

/// The number of a journal entry: a link for those who may read the journal.
enum EntryLink {
  static func node(_ index: Int64, _ visit: Visit) -> Node {
    let text = "#" + visit.words.number(index)
    return visit.caller.permits(.readJournal)
      ? link(Target("journal", String(index))) { text } : el("span") { text }
  }
}

/// A table in a frame that can be scrolled with the keyboard.
func grid(_ label: String, _ columns: [String], class name: String? = nil, @Content _ rows: () -> [Node]) -> Node {
  el("div", .class("scroll"), Attribute("tabindex", "0"), Attribute("role", "region"), .label(label)) {
    el("table", name.map { .class($0) }) {
      el("thead") {
        el("tr") { columns.map { column in el("th", Attribute("scope", "col")) { column } } }
      }
      el("tbody", content: rows)
    }
  }
}
