import Casework
import Domain
import Hummingbird
import Storage

/// An operation at a glance; the script keeps it up to date, and without one the page is loaded again by hand.
enum BoardPage {
  static func show(_ visit: Visit, _ boards: LiveBoards) async throws -> Response {
    let id: ID<Operation> = try visit.id(of: "operation")
    let board = try await boards.board(of: id, as: visit.caller)
    let words = visit.words
    let name = board.operation.name ?? words("name.operation")
    let root = Shell(words: words, title: name, isWide: true, scripts: ["board"]).root(visit, at: .operations) {
      heading(
        [Names.operation(board.operation, words)],
        above: [link(Target("operations")) { words.code("nav", "operations") }], aside: views(id, words))
      el("p", .class("live"), .id("live"), .data("state", "plain")) {
        el("span", .class("plain")) {
          words("board.plain")
          " "
          link(Target("operations", id.description)) { words("board.reload") }
        }
        el("span", .class("live")) { words("board.live") }
        el("span", .class("stale"), Attribute("role", "status")) { words("board.stale") }
      }
      el("div", .class("board")) {
        el("div", .id("board"), .data("events", Target("operations", id.description, "events").text)) {
          BoardFragment(board: board, words: words).nodes
        }
        el("div", .class("side")) { side(visit, board) }
      }
    }
    return PageReply.html(root)
  }

  private static func views(_ id: ID<Operation>, _ words: Words) -> [Node] {
    let id = id.description
    return [
      link(Target("queue", query: [("operation", id)]), .class("button")) { words.code("nav", "queue") },
      link(Target("providers", query: [("operation", id)]), .class("button")) { words.code("nav", "providers") },
      link(Target("report", id), .class("button")) { words("board.report") },
    ]
  }

  @Content private static func side(_ visit: Visit, _ board: OperationBoard) -> [Node] {
    let words = visit.words
    let steers = visit.caller.permits(.manageOperations) && board.operation.agency == visit.caller.user.agency
    section(words("board.h_hour"), id: "h-hour") {
      if let hHour = board.operation.hHour {
        el("p", .class("moment")) { TimeText.node(hHour, seconds: false) }
        el("p", .class("hint")) { words(hHour <= visit.now ? "board.h_hour.passed" : "board.h_hour.set") }
      } else {
        el("p") { words("board.h_hour.none") }
      }
      if steers { hHourForm(visit, board.operation) }
    }
    section(words("board.participants"), id: "participants") {
      el("ul", .class("bare")) {
        board.participants.map { agency in
          el("li") {
            agency.name.map { foreign($0) } ?? el("span") { words("name.agency") }
            agency.id == board.operation.agency ? el("small") { words("board.opener") } : nil
          }
        }
      }
      if steers {
        form(visit, Target("operations", board.operation.id.description, "participants")) {
          Field(name: "agency", label: words("board.agency"), isNeeded: true).input("text", value: nil)
          el("button") { words("board.join") }
        }
      }
    }
  }

  @Content private static func hHourForm(_ visit: Visit, _ operation: Operation) -> [Node] {
    let target = Target("operations", operation.id.description, "h-hour")
    let value = operation.hHour.map { TimeText.text($0, seconds: false).replacing(" ", with: "T") }
    form(visit, target) {
      Field(name: "h_hour", label: visit.words("board.h_hour.field"), isNeeded: true)
        .input("datetime-local", value: value)
      el("button") { visit.words("board.h_hour.do") }
    }
    if operation.hHour != nil {
      form(visit, target) {
        el("input", .type("hidden"), .name("call_off"), .value("yes"))
        el("button", .class("quiet")) { visit.words("board.h_hour.call_off") }
      }
    }
  }
}
