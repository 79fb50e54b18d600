import Casework
import Domain

/// The questions of an assessment, for one item or for several together; nothing is answered beforehand.
struct AssessmentForm {
  let words: Words
  /// What was filled in before, where the form comes back.
  var given = FormFields.empty
  var faults: [FieldFault] = []

  @Content var nodes: [Node] {
    decision
    categories
    factors
    exemptions
    Field(
      name: "reasons", label: words("assess.reasons"), hint: words("assess.reasons.hint"),
      error: faults.text(of: "reasons")
    )
    .area(value: given["reasons"], rows: 4)
    el("div", .class("choice")) {
      box("machine_help", "yes", words("assess.machine_help"), hint: nil)
    }
  }

  private var decision: Node {
    group("decision", words("assess.decision"), hint: nil) {
      Assessment.Decision.allCases.map { decision in
        el("div", .class("choice")) {
          radio(
            "decision", decision.rawValue, words.code("decision", decision.rawValue),
            id: "decision-\(decision.rawValue)")
          el("p", .class("hint")) { words.code("decision_hint", decision.rawValue) }
        }
      }
    }
  }

  private var categories: Node {
    group("categories", words("assess.categories"), hint: words("assess.categories.hint")) {
      ContentCategory.allCases.map { category in
        el("div", .class("choice")) {
          box(
            "categories", category.rawValue, words.code("category", category.rawValue),
            hint: words.code("category_hint", category.rawValue))
        }
      }
    }
  }

  private var factors: Node {
    group("factors", words("assess.factors"), hint: words("assess.factors.hint"), class: "across") {
      AssessmentFactor.allCases.map { factor in
        el("div", .class("choice")) {
          box("factors", factor.rawValue, words.code("factor", factor.rawValue), hint: nil)
        }
      }
    }
  }

  private var exemptions: Node {
    group("exemptions", words("assess.exemptions"), hint: words("assess.exemptions.hint"), class: "questions") {
      el("p", .class("hint keys")) { words("assess.exemptions.keys") }
      Exemption.allCases.map { question($0) }
    }
  }

  private func question(_ exemption: Exemption) -> Node {
    let name = "exempt_" + exemption.rawValue
    let fault = faults.text(of: name)
    return el(
      "fieldset", .class("question"), .id(name), fault == nil ? nil : Attribute("aria-describedby", name + "-error")
    ) {
      el("legend") { words.code("exemption", exemption.rawValue) }
      el("span", .class("answers")) {
        radio(name, "no", words("assess.no"), id: name + "-no")
        radio(name, "yes", words("assess.yes"), id: name + "-yes")
      }
      fault.map { text in el("p", .class("error"), .id(name + "-error")) { text } }
    }
  }

  private func group(
    _ name: String, _ legend: String, hint: String?, class style: String = "", @Content _ content: () -> [Node]
  ) -> Node {
    let fault = faults.text(of: name)
    let described = [hint == nil ? nil : name + "-hint", fault == nil ? nil : name + "-error"].compactMap(\.self)
    return el(
      "fieldset", .id(name), style.isEmpty ? nil : .class(style),
      described.isEmpty ? nil : Attribute("aria-describedby", described.joined(separator: " "))
    ) {
      el("legend") { legend }
      hint.map { text in el("p", .class("hint"), .id(name + "-hint")) { text } }
      fault.map { text in el("p", .class("error"), .id(name + "-error")) { text } }
      content()
    }
  }

  @Content private func radio(_ name: String, _ value: String, _ label: String, id: String) -> [Node] {
    el(
      "label", .class("option")
    ) {
      el(
        "input", .type("radio"), .id(id), .name(name), .value(value),
        .flag("checked", if: given.contains(name, value)))
      el("span") { label }
    }
  }

  @Content private func box(_ name: String, _ value: String, _ label: String, hint: String?) -> [Node] {
    let id = name + "-" + value
    el("label", .class("option")) {
      el(
        "input", .type("checkbox"), .id(id), .name(name), .value(value),
        hint == nil ? nil : Attribute("aria-describedby", id + "-hint"),
        .flag("checked", if: given.contains(name, value)))
      el("span") { label }
    }
    hint.map { text in el("p", .class("hint"), .id(id + "-hint")) { text } }
  }
}

/// A filled-in assessment, before it is said of which item.
struct AssessmentAnswers: Sendable {
  let decision: Assessment.Decision
  let categories: [ContentCategory]
  let factors: [AssessmentFactor]
  let exemptions: ExemptionRecord
  let reasons: String?
  let usedMachineHelp: Bool

  func draft(for item: ID<Item>, replaces: Int64?) -> AssessmentDraft {
    AssessmentDraft(
      item: item, decision: decision, categories: categories, factors: factors, exemptions: exemptions,
      reasons: reasons, usedMachineHelp: usedMachineHelp, replaces: replaces)
  }

  /// Reads the form; where something is missing the fields that lack it are named.
  static func read(_ form: FormFields, _ words: Words) -> Result<AssessmentAnswers, FieldFaults> {
    var faults: [FieldFault] = []
    let decision = form["decision"].flatMap { Assessment.Decision(rawValue: $0) }
    if decision == nil { faults.append(FieldFault(field: "decision", text: words("assess.fault.decision"))) }
    let categories = form.all("categories").compactMap { ContentCategory(rawValue: $0) }
    if decision == .refer, categories.isEmpty {
      faults.append(FieldFault(field: "categories", text: words("assess.fault.categories")))
    }
    var applying: Set<Exemption> = []
    var excluded: Set<Exemption> = []
    for exemption in Exemption.allCases {
      switch form["exempt_" + exemption.rawValue] {
      case "yes": applying.insert(exemption)
      case "no": excluded.insert(exemption)
      default:
        let text = words("assess.fault.exemption", ["exemption": words.code("exemption", exemption.rawValue)])
        faults.append(FieldFault(field: "exempt_" + exemption.rawValue, text: text))
      }
    }
    let reasons = form.text("reasons")
    if !applying.isEmpty, reasons == nil {
      faults.append(FieldFault(field: "reasons", text: words("assess.fault.reasons")))
    }
    if decision == .refer, !applying.isEmpty {
      faults.append(FieldFault(field: "decision", text: words("assess.fault.exempt")))
    }
    guard faults.isEmpty, let decision else { return .failure(FieldFaults(faults: faults)) }
    return .success(
      AssessmentAnswers(
        decision: decision, categories: categories,
        factors: form.all("factors").compactMap { AssessmentFactor(rawValue: $0) },
        exemptions: ExemptionRecord(applying: applying, excluded: excluded), reasons: reasons,
        usedMachineHelp: form.contains("machine_help", "yes")))
  }
}

/// What is wrong with a form.
struct FieldFaults: Error, Sendable, Hashable {
  let faults: [FieldFault]
}
