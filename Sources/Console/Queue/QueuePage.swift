import Casework
import Domain
import Hummingbird
import Storage

/// What waits for whom: a list that is worked through with a few keys, and one form for all that are ticked.
enum QueuePage {
  private static let sizes = [50, 200, 1_000]

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let kind = visit.query("step").flatMap { QueueKind(rawValue: $0) } ?? first(for: visit.caller)
    let size = visit.query("limit").flatMap { Int($0) }.flatMap { sizes.contains($0) ? $0 : nil } ?? sizes[0]
    let items = try await visit.desk.queue(
      kind, operation: visit.operation, visit.page(limit: size), as: visit.caller)
    let operations = try await visit.desk.operations(as: visit.caller)
    let providers = try await ProviderNames(visit)
    let words = visit.words
    let view = QueueView(visit: visit, kind: kind, items: items, providers: providers)
    let root = Shell(
      words: words, title: words.code("queue_kind", kind.rawValue), isWide: true, scripts: ["queue"]
    ).root(visit, at: .queue) {
      heading([.text(words("queue.title"))])
      tabs(visit, kind)
      el("p", .class("lead")) { words.code("queue_lead", kind.rawValue) }
      filter(visit, kind, size, operations)
      view.nodes
      if items.count == size, let last = items.last {
        el("p", .class("pages")) {
          link(target(visit, kind, size: size, after: last.reportIndex), .class("button")) { words("list.next") }
        }
      }
      QueueKeys(words: words, step: view.usableStep).dialog
    }
    return PageReply.html(root)
  }

  /// The queue that somebody's roles are for.
  private static func first(for caller: Caller) -> QueueKind {
    if caller.permits(.assessItems) { return .assess }
    if caller.permits(.confirmAssessments) { return .confirm }
    if caller.permits(.deconflictItems) { return .deconflict }
    return caller.permits(.referItems) ? .refer : .assess
  }

  private static func target(_ visit: Visit, _ kind: QueueKind, size: Int, after: Int64? = nil) -> Target {
    Target(
      "queue",
      query: [
        ("step", kind.rawValue), ("operation", visit.operation?.description), ("limit", String(size)),
        ("after", after.map(String.init)),
      ])
  }

  private static func tabs(_ visit: Visit, _ kind: QueueKind) -> Node {
    el("nav", .class("tabs"), .label(visit.words("queue.steps"))) {
      el("ul") {
        QueueKind.allCases.map { entry in
          el("li") {
            el(
              "a",
              .href(
                Target("queue", query: [("step", entry.rawValue), ("operation", visit.operation?.description)])),
              entry == kind ? Attribute("aria-current", "page") : nil
            ) { visit.words.code("queue_kind", entry.rawValue) }
          }
        }
      }
    }
  }

  private static func filter(_ visit: Visit, _ kind: QueueKind, _ size: Int, _ operations: [Operation]) -> Node {
    let words = visit.words
    return el("form", .class("inline filter"), Attribute("method", "get"), .action(Target("queue"))) {
      el("input", .type("hidden"), .name("step"), .value(kind.rawValue))
      Field(name: "operation", label: words("queue.operation")).select(
        [("", words("queue.all_operations"))]
          + operations.reversed().map { ($0.id.description, $0.name ?? words("name.operation")) },
        value: visit.operation?.description ?? "")
      Field(name: "limit", label: words("queue.size")).select(
        sizes.map { (String($0), words.number(Int64($0))) }, value: String(size))
      el("button") { words("list.show") }
    }
  }
}

/// What the providers of a page's items are called.
struct ProviderNames: Sendable {
  private let providers: [ID<Provider>: Provider]

  init(_ visit: Visit) async throws {
    providers = Dictionary(
      try await visit.desk.providers(as: visit.caller).map { ($0.provider.id, $0.provider) },
      uniquingKeysWith: { first, _ in first })
  }

  subscript(id: ID<Provider>) -> Provider? { providers[id] }
}

/// The list and its form.
struct QueueView {
  let visit: Visit
  let kind: QueueKind
  let items: [WorkItem]
  let providers: ProviderNames

  private var words: Words { visit.words }

  /// The step, for those who may do it.
  var usableStep: QueueStep? { QueueStep(kind).flatMap { visit.caller.permits($0.permission) ? $0 : nil } }

  @Content var nodes: [Node] {
    if items.isEmpty {
      el("p", .class("empty")) { words("queue.empty") }
    } else if let step = usableStep {
      form(visit, Target("queue"), .id("queue")) {
        el("input", .type("hidden"), .name("step"), .value(step.rawValue))
        el("input", .type("hidden"), .name("kind"), .value(kind.rawValue))
        visit.operation.map { el("input", .type("hidden"), .name("operation"), .value($0.description)) }
        QueueToolbar(words: words, step: step, hasOperation: visit.operation != nil).node
        table(step)
      }
    } else {
      if let step = QueueStep(kind) {
        el("p", .class("hint")) { Refusal.notPermitted(step.permission).description }
      }
      el("div", .id("queue")) { table(nil) }
    }
  }

  private func table(_ step: QueueStep?) -> Node {
    el("div", .class("scroll")) {
      el("table", .class("queue")) {
        el("caption", .class("unseen-text")) { words.code("queue_kind", kind.rawValue) }
        el("thead") {
          el("tr") {
            if step != nil {
              el("th", Attribute("scope", "col")) { el("span", .class("unseen-text")) { words("queue.choose") } }
            }
            el("th", Attribute("scope", "col")) { words("queue.item") }
            el("th", Attribute("scope", "col")) { words("queue.provider") }
            el("th", Attribute("scope", "col")) { words("queue.state") }
            el("th", Attribute("scope", "col")) { words("queue.entry") }
          }
        }
        el("tbody") { items.map { row($0, step) } }
      }
    }
  }

  private func row(_ item: WorkItem, _ step: QueueStep?) -> Node {
    el("tr") {
      if let step {
        el("td", .class("tick")) {
          el(
            "input", .type("checkbox"), .name("item"), .value(ChosenItem(item, for: step).text),
            .label(words("queue.choose_entry", ["n": words.number(item.reportIndex)])))
        }
      }
      el("td", .class("item")) {
        link(Target("items", item.id.description)) { Names.locator(item.locator, words) }
      }
      el("td") { Names.provider(providers[item.provider], words) }
      el("td") { el("span", .class("chips")) { ItemState.chips(item, at: visit.now, words) } }
      el("td", .class("index")) { EntryLink.node(item.reportIndex, visit) }
    }
  }
}

/// What is done with the ticked items.
struct QueueToolbar {
  let words: Words
  let step: QueueStep
  let hasOperation: Bool

  var node: Node {
    el("div", .class("toolbar")) {
      el("span", .id("ticked"), .class("ticked"), Attribute("role", "status")) {}
      el("span", .class("actions")) { actions }
      el("button", .type("button"), .id("show-keys"), .class("quiet"), Attribute("hidden", "")) { words("keys.show") }
    }
  }

  @Content private var actions: [Node] {
    switch step {
    case .assess: button("", words("queue.assess"), isPrimary: true)
    case .confirm: button("", words("queue.confirm"), isPrimary: true)
    case .deconflict:
      button("clear", words("queue.deconflict_and_clear"), isPrimary: true)
      button("only", words("queue.deconflict"), isPrimary: false)
    case .clear: button("", words("queue.clear"), isPrimary: true)
    case .refer:
      ReleaseFields(words: words, hHour: nil, hasOperation: true).nodes
      button("", words("queue.refer"), isPrimary: true)
    case .overrideHolds:
      Field(name: "reason", label: words("override.reason")).input("text", value: nil)
      button("", words("queue.override"), isPrimary: true)
    }
  }

  private func button(_ value: String, _ label: String, isPrimary: Bool) -> Node {
    el(
      "button", isPrimary ? .class("primary") : nil, .name("way"), .value(value),
      isPrimary ? .data("key", step.key) : nil
    ) { label }
  }
}

/// The keys of the queue, shown by `?`; they can be switched off (WCAG 2.1.4).
struct QueueKeys {
  let words: Words
  let step: QueueStep?

  var dialog: Node {
    el("dialog", .id("keys"), Attribute("aria-labelledby", "keys-title")) {
      el("h2", .id("keys-title")) { words("keys.title") }
      el("dl", .class("keys")) {
        key(["j", "↓"], words("keys.down"))
        key(["k", "↑"], words("keys.up"))
        key(["Enter"], words("keys.open"))
        if let step {
          key(["x"], words("keys.tick"))
          key(["*"], words("keys.tick_all"))
          key([step.key], words.code("keys_step", step.rawValue))
        }
        key(["?"], words("keys.help"))
      }
      el("label", .class("option")) {
        el("input", .type("checkbox"), .id("keys-on"), .flag("checked"))
        el("span") { words("keys.on") }
      }
      el("form", Attribute("method", "dialog")) { el("button") { words("keys.close") } }
    }
  }

  private func key(_ keys: [String], _ text: String) -> Node {
    el("div") {
      el("dt") { keys.map { key in el("kbd") { key } } }
      el("dd") { text }
    }
  }
}
