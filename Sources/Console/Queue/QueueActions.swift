import Casework
import Domain
import Hummingbird
import Storage

/// Does one step for all items that were ticked, in one request, each item by itself.
struct QueueActions: Sendable {
  let outcomes: OutcomeShelf

  @Sendable func act(_ visit: Visit) async throws -> Response {
    guard let step = visit.form["step"].flatMap({ QueueStep(rawValue: $0) }) else { throw VisitFault.unreadableForm }
    let chosen = try ChosenItem.all(in: visit.form)
    guard !chosen.isEmpty else { throw Refusal.invalid(visit.words("queue.fault.none")) }
    if step == .assess { return try await assessmentPage(visit, chosen, faults: [], given: .empty) }
    if step.needsReview(chosen.count), visit.form["reviewed"] != "yes" {
      return PageReply.html(try await BulkReview(visit, step: step, chosen: chosen).root)
    }
    return try await shelve(visit, step, chosen, try await run(step, chosen, visit))
  }

  /// One assessment for several items, each recorded for itself.
  @Sendable func assess(_ visit: Visit) async throws -> Response {
    let chosen = try ChosenItem.all(in: visit.form)
    switch AssessmentAnswers.read(visit.form, visit.words) {
    case .failure(let found):
      return try await assessmentPage(visit, chosen, faults: found.faults, given: visit.form)
    case .success(let answers):
      let drafts = chosen.map { answers.draft(for: $0.item, replaces: $0.stamp) }
      return try await shelve(visit, .assess, chosen, try await visit.desk.assess(drafts, as: visit.caller))
    }
  }

  @Sendable func show(_ visit: Visit) async throws -> Response {
    guard let entry = await outcomes.entry(visit.parameters["key"] ?? "", of: visit.caller.user.id) else {
      throw VisitFault.forgotten
    }
    return PageReply.html(try await OutcomePage(visit, entry).root)
  }

  private func run(_ step: QueueStep, _ chosen: [ChosenItem], _ visit: Visit) async throws -> [WorkOutcome] {
    let desk = visit.desk
    let items = chosen.map(\.item)
    switch step {
    case .assess: return []
    case .confirm:
      let drafts = chosen.map { ConfirmationDraft(item: $0.item, assessment: $0.stamp ?? -1, agrees: true) }
      return try await desk.confirm(drafts, as: visit.caller)
    case .deconflict:
      return visit.form["way"] == "only"
        ? try await desk.deconflict(items, as: visit.caller)
        : try await desk.deconflictAndClear(items, as: visit.caller)
    case .clear: return try await desk.clear(items, as: visit.caller)
    case .refer:
      let release = ReleaseFields.read(visit.form)
      return try await desk.refer(items.map { ReferralDraft(item: $0, release: release) }, as: visit.caller)
    case .overrideHolds:
      guard let reason = visit.form.text("reason") else { throw Refusal.invalid(visit.words("form.fault.reason")) }
      return try await desk.overrideHolds(
        chosen.map { OverrideDraft(item: $0.item, hold: $0.stamp ?? -1, reason: reason) }, as: visit.caller)
    }
  }

  private func shelve(
    _ visit: Visit, _ step: QueueStep, _ chosen: [ChosenItem], _ results: [WorkOutcome]
  ) async throws -> Response {
    let words = visit.desk.random.words()
    let key = Identifier(high: words.0, low: words.1).description
    await outcomes.keep(
      OutcomeShelf.Entry(
        user: visit.caller.user.id, step: step, kind: visit.form["kind"] ?? step.rawValue,
        operation: visit.form["operation"], outcomes: zip(chosen.map(\.item), results).map { ($0, $1) }), under: key)
    return PageReply.redirect(Target("queue", "outcomes", key))
  }

  private func assessmentPage(
    _ visit: Visit, _ chosen: [ChosenItem], faults found: [FieldFault], given: FormFields
  ) async throws -> Response {
    let words = visit.words
    let items = try await visit.desk.workItems(chosen.map(\.item), as: visit.caller)
    let title = words.count("queue.assess_together", Int64(items.count))
    let root = Shell(words: words, title: title, scripts: ["item"]).root(visit, at: .queue) {
      heading([.text(title)], above: [link(Target("queue")) { words.code("nav", "queue") }])
      faults(found, words)
      el("details", .class("panel")) {
        el("summary") { words("queue.chosen") }
        el("ul", .class("locators")) {
          items.map { item in
            el("li") { link(Target("items", item.id.description)) { Names.locator(item.locator, words) } }
          }
        }
      }
      form(visit, Target("queue", "assess"), .class("panel assessment")) {
        carried(visit, chosen)
        AssessmentForm(words: words, given: given, faults: found).nodes
        el("button", .class("primary")) { words("assess.do") }
      }
    }
    return PageReply.html(root, status: found.isEmpty ? .ok : .unprocessableContent)
  }
}

/// What a form that asks again has to send with its answer.
@Content func carried(_ visit: Visit, _ chosen: [ChosenItem]) -> [Node] {
  ["step", "kind", "operation", "release", "reason", "way"].map { name in
    visit.form[name].map { el("input", .type("hidden"), .name(name), .value($0)) }
  }.compactMap(\.self)
  chosen.map { el("input", .type("hidden"), .name("item"), .value($0.text)) }
}

/// Asks again before a word that is said about very many items at once.
struct BulkReview {
  private let visit: Visit
  private let step: QueueStep
  private let chosen: [ChosenItem]
  private let items: [WorkItem]
  private let providers: ProviderNames

  init(_ visit: Visit, step: QueueStep, chosen: [ChosenItem]) async throws {
    self.visit = visit
    self.step = step
    self.chosen = chosen
    items = try await visit.desk.workItems(chosen.map(\.item), as: visit.caller)
    providers = try await ProviderNames(visit)
  }

  var root: Node {
    let words = visit.words
    let title = words.code("review", step.rawValue)
    let counts = Dictionary(grouping: items, by: \.provider).mapValues { Int64($0.count) }
    return Shell(words: words, title: title).root(visit, at: .queue) {
      heading([.text(title)], above: [link(Target("queue")) { words.code("nav", "queue") }])
      el("p", .class("lead")) { words.count("review.lead", Int64(chosen.count)) }
      grid(words("review.counts"), [words("queue.provider"), words("board.items")], class: "numbers") {
        counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }.map { entry in
          el("tr") {
            el("th", Attribute("scope", "row")) { Names.provider(providers[entry.key], words) }
            el("td") { words.number(entry.value) }
          }
        }
      }
      form(visit, Target("queue"), .class("inline")) {
        carried(visit, chosen)
        el("input", .type("hidden"), .name("reviewed"), .value("yes"))
        el("button", .class("primary")) { title }
        link(Target("queue", query: [("step", visit.form["kind"])]), .class("button")) { words("review.back") }
      }
    }
  }
}

/// What became of each item of a bulk step.
struct OutcomePage {
  private let visit: Visit
  private let entry: OutcomeShelf.Entry
  private let items: [ID<Item>: WorkItem]

  init(_ visit: Visit, _ entry: OutcomeShelf.Entry) async throws {
    self.visit = visit
    self.entry = entry
    items = Dictionary(
      try await visit.desk.workItems(entry.outcomes.map(\.item), as: visit.caller).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  var root: Node {
    let words = visit.words
    let refused = entry.outcomes.filter { if case .refused = $0.outcome { true } else { false } }
    let done = Int64(entry.outcomes.count - refused.count)
    let back = Target("queue", query: [("step", entry.kind), ("operation", entry.operation)])
    return Shell(words: words, title: words("outcome.title"), isWide: true).root(visit, at: .queue) {
      heading([.text(words("outcome.title"))], above: [link(back) { words.code("queue_kind", entry.kind) }])
      el("div", .class(refused.isEmpty ? "notice good" : "notice bad"), Attribute("role", "status")) {
        el("p") { words.count("outcome.recorded", done) }
        if !refused.isEmpty { el("p") { words.count("outcome.refused", Int64(refused.count)) } }
      }
      el("p") { link(back, .class("button")) { words("outcome.back") } }
      grid(words("outcome.title"), [words("queue.item"), words("outcome.what")]) {
        (refused + entry.outcomes.filter { if case .recorded = $0.outcome { true } else { false } }).map { row($0) }
      }
    }
  }

  private func row(_ result: (item: ID<Item>, outcome: WorkOutcome)) -> Node {
    let words = visit.words
    return el("tr") {
      el("td", .class("item")) {
        link(Target("items", result.item.description)) { Names.locator(items[result.item]?.locator, words) }
      }
      el("td") {
        switch result.outcome {
        case .recorded(let index):
          chip(words("outcome.done"), .good)
          EntryLink.node(index, visit)
        case .refused(let refusal):
          chip(words("outcome.not_done"), .bad)
          el("span") { refusal.description }
        }
      }
    }
  }
}
