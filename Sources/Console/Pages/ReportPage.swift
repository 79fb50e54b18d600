import Casework
import Domain
import Hummingbird
import Storage

/// An operation as a printable communiqué, each number linked to the entries that it counts.
enum ReportPage {
  /// A sentence of the text, and the figures that it speaks of.
  private static let sentences: [(key: StaticString, figures: [Figure])] = [
    ("report.reported", [.reported]), ("report.assessed", [.assessed, .confirmed, .rejected]),
    ("report.deconflicted", [.held, .cleared]), ("report.referred", [.referred, .delivered]),
    ("report.answered", [.answered, .claimedGone, .refused]), ("report.seen", [.seenGone, .contradicted]),
    ("report.afterwards", [.reappeared, .returned, .retracted]),
  ]

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    let report = try await visit.desk.compileReport(of: id, as: visit.caller)
    let board = report.board
    let words = visit.words
    let root = Shell(words: words, title: words("report.title"), isWide: true).root(visit, at: .operations) {
      el("article", .class("report")) {
        heading(
          [Names.operation(board.operation, words)],
          above: [link(Target("operations", id.description)) { words("report.board") }])
        el("p", .class("chips")) {
          chip(report.handling.rawValue + " – " + words.code("handling", report.handling.rawValue), .wait)
        }
        el("p", .class("lead")) {
          words.nodes(
            "report.as_of",
            [
              "opened": [TimeText.node(board.operation.openedAt, seconds: false)],
              "time": [TimeText.node(board.at, seconds: false)], "n": [.text(words.number(board.journalSize))],
            ])
        }
        el("p") {
          words.nodes("report.participants", ["agencies": agencies(board.participants, words)])
          " "
          hHour(board.operation, words)
        }
        Self.sentences.map { sentence in
          el("p") { words.nodes("\(sentence.key)", numbers(sentence.figures, board, words)) }
        }
        section(words("report.providers"), id: "by-provider", class: "plain") {
          ProvidersPage.scorecards(report.scorecards, of: id, words)
        }
        outlets(report.outlets, words)
        el("p", .class("hint")) {
          words.nodes("report.how", ["root": [el("code", .class("hash")) { report.journalRoot }]])
        }
      }
    }
    return PageReply.html(root)
  }

  private static func outlets(_ trends: [OutletTrend], _ words: Words) -> Node? {
    guard !trends.isEmpty else { return nil }
    return section(words.code("nav", "outlets"), id: "outlets", class: "plain") {
      grid(
        words("report.outlets"), [words("outlets.name"), words("report.posts_before"), words("report.posts_since")],
        class: "numbers"
      ) {
        trends.map { trend in
          el("tr") {
            el("th", Attribute("scope", "row")) {
              trend.name.map { foreign($0) } ?? el("span") { words("outlets.nameless") }
            }
            el("td") { trend.postsBefore.map { words.decimal($0) } ?? "–" }
            el("td") { trend.postsSince.map { words.decimal($0) } ?? "–" }
          }
        }
      }
    }
  }

  private static func agencies(_ agencies: [Agency], _ words: Words) -> [Node] {
    var nodes: [Node] = []
    for (position, agency) in agencies.enumerated() {
      if position > 0 { nodes.append(.text(words(position == agencies.count - 1 ? "list.and" : "list.comma"))) }
      nodes.append(agency.name.map { foreign($0) } ?? .text(words("name.agency")))
    }
    return nodes
  }

  private static func hHour(_ operation: Operation, _ words: Words) -> [Node] {
    guard let hHour = operation.hHour else { return [] }
    return words.nodes("report.h_hour", ["time": [TimeText.node(hHour, seconds: false)]])
  }

  private static func numbers(_ figures: [Figure], _ board: OperationBoard, _ words: Words) -> [String: [Node]] {
    let total = board.total
    return Dictionary(
      figures.map { figure in
        let target = Target("operations", board.operation.id.description, "figures", figure.rawValue)
        return (figure.rawValue, [link(target, .class("number")) { words.number(total[figure]) }])
      }, uniquingKeysWith: { first, _ in first })
  }
}
