import Casework
import Domain
import Storage

/// What may be done about an item, each with its form, or with the reason why not.
struct StepForms {
  let visit: Visit
  let dossier: ItemDossier
  /// The step whose form came back.
  let returned: NextStep.Kind?
  let faults: [FieldFault]

  private var words: Words { visit.words }
  private var item: String { dossier.item.id.description }

  @Content var nodes: [Node] {
    let possible = dossier.steps.filter { $0.isPossible || $0.kind == returned }
    let open = returned ?? possible.first { isPressing($0.kind) }?.kind
    possible.map { step in
      el("details", .class("step"), .id("step-" + step.kind.rawValue), .flag("open", if: step.kind == open)) {
        el("summary") { words.code("step", step.kind.rawValue) }
        step.obstacle.map { obstacle in el("p", .class("error")) { obstacle } }
        body(of: step.kind)
      }
    }
    if possible.isEmpty { el("p", .class("empty")) { words("item.no_step") } }
    let impossible = dossier.steps.filter { !possible.contains($0) }
    if !impossible.isEmpty {
      el("ul", .class("obstacles")) {
        impossible.map { step in
          el("li") {
            el("span") { words.code("step", step.kind.rawValue) }
            el("small") { step.obstacle ?? "" }
          }
        }
      }
    }
  }

  /// An item that was assessed can be assessed anew, but seldom is.
  private func isPressing(_ kind: NextStep.Kind) -> Bool {
    switch kind {
    case .assess:
      if case .returned? = dossier.work.assessment?.state { return true }
      return dossier.work.assessment == nil
    case .deconflict: return dossier.work.deconfliction == nil && dossier.work.referral == nil
    case .confirm, .clear, .overrideHold, .refer: return true
    case .retract: return false
    }
  }

  private func body(of kind: NextStep.Kind) -> [Node] {
    switch kind {
    case .assess: assess
    case .confirm: confirm
    case .deconflict: deconflict
    case .clear: plain("clear")
    case .overrideHold: override
    case .refer: refer
    case .retract: retract
    }
  }

  private func given(_ kind: NextStep.Kind) -> FormFields { kind == returned ? visit.form : .empty }
  private func faults(_ kind: NextStep.Kind) -> [FieldFault] { kind == returned ? faults : [] }

  @Content private var assess: [Node] {
    form(visit, Target("items", item, "assess"), .class("assessment")) {
      stamp(dossier.work.assessment?.index)
      AssessmentForm(words: words, given: given(.assess), faults: faults(.assess)).nodes
      el("button", .class("primary"), .data("primary", "")) { words("assess.do") }
    }
  }

  @Content private var confirm: [Node] {
    el("p") { words("confirm.lead") }
    form(visit, Target("items", item, "confirm")) {
      stamp(dossier.work.assessment?.index)
      el("button", .class("primary"), .name("agrees"), .value("yes"), .data("primary", "")) { words("confirm.do") }
    }
    form(visit, Target("items", item, "confirm")) {
      stamp(dossier.work.assessment?.index)
      Field(name: "reason", label: words("confirm.reason"), error: faults(.confirm).text(of: "reason"))
        .area(value: given(.confirm)["reason"], rows: 2)
      el("button", .name("agrees"), .value("no")) { words("confirm.send_back") }
    }
  }

  @Content private var deconflict: [Node] {
    el("p") { words("deconflict.lead") }
    form(visit, Target("items", item, "deconflict")) {
      el("button", .class("primary"), .name("clearing"), .value("yes"), .data("primary", "")) {
        words("deconflict.and_clear")
      }
      el("button", .name("clearing"), .value("no")) { words("deconflict.do") }
    }
  }

  @Content private func plain(_ action: String) -> [Node] {
    form(visit, Target("items", item, action)) {
      el("button", .class("primary"), .data("primary", "")) { words("clear.do") }
    }
  }

  @Content private var override: [Node] {
    el("p") { words("override.lead") }
    form(visit, Target("items", item, "override")) {
      stamp(dossier.work.holdIndex)
      Field(
        name: "override_reason", label: words("override.reason"),
        error: faults(.overrideHold).text(of: "override_reason")
      )
      .area(value: given(.overrideHold)["override_reason"], rows: 2)
      el("button", .class("primary")) { words("override.do") }
    }
  }

  @Content private var refer: [Node] {
    form(visit, Target("items", item, "refer")) {
      ReleaseFields(words: words, hHour: dossier.operation?.hHour, hasOperation: dossier.operation != nil).nodes
      Field(name: "clause", label: words("refer.clause"), hint: words("refer.clause.hint"))
        .input("text", value: given(.refer)["clause"])
      el("button", .class("primary"), .data("primary", "")) { words("refer.do") }
    }
  }

  @Content private var retract: [Node] {
    el("p") { words("retract.lead") }
    form(visit, Target("items", item, "retract")) {
      Field(name: "retract_reason", label: words("retract.reason"), error: faults(.retract).text(of: "retract_reason"))
        .area(value: given(.retract)["retract_reason"], rows: 2)
      el("button") { words("retract.do") }
    }
  }

  /// The journal index of what the form shows: a form that is older than that is refused.
  private func stamp(_ index: Int64?) -> Node? {
    index.map { el("input", .type("hidden"), .name("stamp"), .value(String($0))) }
  }
}

/// When a referral leaves.
struct ReleaseFields {
  let words: Words
  let hHour: Instant?
  let hasOperation: Bool

  @Content var nodes: [Node] {
    el("fieldset", .class("across")) {
      el("legend") { words("refer.release") }
      option("at_once", words("refer.at_once"), isChosen: true)
      if hasOperation {
        option(
          "h_hour",
          hHour.map { words("refer.h_hour", ["time": TimeText.text($0, seconds: false)]) }
            ?? words("refer.h_hour.unset"), isChosen: false)
      }
    }
  }

  private func option(_ value: String, _ label: String, isChosen: Bool) -> Node {
    el("label", .class("option")) {
      el("input", .type("radio"), .name("release"), .value(value), .flag("checked", if: isChosen))
      el("span") { label }
    }
  }

  static func read(_ form: FormFields) -> ReleaseMoment { form["release"] == "h_hour" ? .hHour : .atOnce }
}
