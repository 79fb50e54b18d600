import Casework
import Domain
import HTTPTypes
import Hummingbird
import Storage

/// One item: what is known, what may be done next and why not, and everything that happened to it.
enum ItemPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let dossier = try await visit.desk.dossier(try visit.id(of: "item"), as: visit.caller)
    return PageReply.html(ItemView(visit: visit, dossier: dossier, owner: try await owner(visit)).root)
  }

  /// The page again, with what was wrong and what had been filled in.
  static func again(
    _ visit: Visit, step: NextStep.Kind, faults: [FieldFault] = [], refusal: Refusal? = nil
  ) async throws -> Response {
    let dossier = try await visit.desk.dossier(try visit.id(of: "item"), as: visit.caller)
    let view = ItemView(
      visit: visit, dossier: dossier, owner: try await owner(visit), step: step, faults: faults, refusal: refusal)
    return PageReply.html(view.root, status: refusal.map { PageFault($0).status } ?? .unprocessableContent)
  }

  private static func owner(_ visit: Visit) async throws -> ID<User> { try await visit.desk.owner().user.id }
}

/// The page of an item.
struct ItemView {
  let visit: Visit
  let dossier: ItemDossier
  let owner: ID<User>
  /// The form that came back, where one did.
  var step: NextStep.Kind?
  var faults: [FieldFault] = []
  var refusal: Refusal?

  private var words: Words { visit.words }

  var root: Node {
    Shell(words: words, title: words("item.title"), isWide: true, scripts: ["item"]).root(visit, at: .queue) {
      heading(
        [Names.locator(dossier.item.locator, words)],
        above: [
          dossier.operation.map { operation in
            link(Target("operations", operation.id.description)) { Names.operation(operation, words) }
          } ?? link(Target("queue")) { words.code("nav", "queue") }
        ])
      el("p", .class("chips")) { ItemState.chips(dossier.work, at: visit.now, words) }
      notices
      el("div", .class("dossier")) {
        el("div") {
          section(words("item.facts"), id: "facts") { facts }
          AssessmentPanel(visit: visit, dossier: dossier).nodes
          section(words("item.steps"), id: "steps", class: "panel steps") {
            StepForms(visit: visit, dossier: dossier, returned: step, faults: faults).nodes
          }
        }
        section(words("item.history"), id: "history", class: "panel history") { history }
      }
    }
  }

  @Content private var notices: [Node] {
    if let refusal {
      let fault = PageFault(refusal)
      el("div", .class("notice bad"), Attribute("role", "alert"), .id("refusal")) {
        el("h2") { words.code("fault", fault.code + ".title") }
        fault.detail.map { detail in el("p") { detail } }
        el("p") { words("item.as_it_stands") }
      }
    }
    Console.faults(faults, words)
    if let done = visit.query("done").flatMap({ NextStep.Kind(rawValue: $0) }), refusal == nil, faults.isEmpty {
      el("div", .class("notice good"), Attribute("role", "status")) {
        el("p") {
          words.code("done", done.rawValue)
          if let entry = visit.query("entry").flatMap({ Int64($0) }) {
            " "
            words.nodes("item.recorded_as", ["entry": [EntryLink.node(entry, visit)]])
          }
        }
      }
    }
  }

  private var facts: Node {
    let item = dossier.item
    return el("dl", .class("facts")) {
      fact("provider", [Names.provider(dossier.provider, words)])
      fact("kind", [.text(words.code("code", item.kind.rawValue))])
      fact("handling", [.text(item.handling.rawValue + " – " + words.code("handling", item.handling.rawValue))])
      fact("sharing", [.text(words.code("code", item.sharing.rawValue))])
      fact("first_reported", [TimeText.node(item.firstReportedAt)])
      fact("last_sighted", [TimeText.node(item.lastSightedAt)])
      fact("sightings", [.text(words.number(item.sightings + 1))])
      if let gone = dossier.work.liveness.firstGoneAt {
        fact("gone", between(dossier.work.liveness.lastLiveAt, gone))
      }
      fact("item", [el("code", .class("id")) { item.id.description }])
    }
  }

  /// It went between two looks, never at one instant.
  private func between(_ last: Instant?, _ first: Instant) -> [Node] {
    guard let last else { return words.nodes("item.gone_by", ["first": [TimeText.node(first)]]) }
    return words.nodes("item.gone_between", ["last": [TimeText.node(last)], "first": [TimeText.node(first)]])
  }

  private func fact(_ key: String, _ value: [Node]) -> Node {
    el("div") {
      el("dt") { words.code("fact", key) }
      el("dd") { value }
    }
  }

  /// The owner has no name: in theirs the program does what falls due.
  private func actor(_ entry: HistoryEntry) -> Node {
    if let name = entry.actorName { return foreign(name) }
    return el("span") { words(entry.header.actor == owner.identifier ? "item.installation" : "item.somebody") }
  }

  private var history: Node {
    el("ol", .class("history"), Attribute("reversed", "")) {
      dossier.history.reversed().map { entry in
        el("li") {
          el("p", .class("event")) {
            el("strong") { words.code("event", entry.header.type) }
            el("span", .class("by")) {
              actor(entry)
            }
          }
          el("p", .class("meta")) {
            TimeText.node(entry.header.at)
            EntryLink.node(entry.header.index, visit)
            link(Target("items", dossier.item.id.description, "proof", String(entry.header.index))) {
              words("item.proof")
            }
          }
          ReadableFacts(words: words, known: ReadableFacts.ofItem).node(facts: entry.facts, personal: entry.personal)
        }
      }
    }
  }
}
