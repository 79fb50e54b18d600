/// A form that posts to a place of ours, with the token that proves it.
func form(_ visit: Visit, _ target: Target, _ attribute: Attribute? = nil, @Content _ content: () -> [Node]) -> Node {
  el("form", Attribute("method", "post"), .action(target), attribute) {
    visit.tokenField
    content()
  }
}

/// One field with its label, what is wrong with it, and the value that was given before.
struct Field {
  let name: String
  let label: String
  var hint: String?
  var error: String?
  var isNeeded = false

  private var hintID: String { name + "-hint" }
  private var errorID: String { name + "-error" }

  private var described: Attribute? {
    let ids = [hint == nil ? nil : hintID, error == nil ? nil : errorID].compactMap(\.self)
    return ids.isEmpty ? nil : Attribute("aria-describedby", ids.joined(separator: " "))
  }

  func input(_ type: String, value: String?, autocomplete: String? = nil) -> Node {
    wrapped {
      el(
        "input", .id(name), .name(name), .type(type), value.map { .value($0) }, described,
        error == nil ? nil : Attribute("aria-invalid", "true"), .flag("required", if: isNeeded),
        autocomplete.map { Attribute("autocomplete", $0) })
    }
  }

  func area(value: String?, rows: Int = 3) -> Node {
    wrapped {
      el(
        "textarea", .id(name), .name(name), Attribute("rows", String(rows)), described,
        error == nil ? nil : Attribute("aria-invalid", "true"), .flag("required", if: isNeeded)
      ) { value ?? "" }
    }
  }

  func select(_ options: [(value: String, label: String)], value: String?) -> Node {
    wrapped {
      el("select", .id(name), .name(name), described) {
        options.map { option in
          el("option", .value(option.value), .flag("selected", if: option.value == value)) { option.label }
        }
      }
    }
  }

  private func wrapped(_ control: () -> Node) -> Node {
    el("div", .class("field")) {
      el("label", Attribute("for", name)) { label }
      hint.map { text in el("p", .class("hint"), .id(hintID)) { text } }
      error.map { text in el("p", .class("error"), .id(errorID)) { text } }
      control()
    }
  }
}

/// What was wrong with a form, said at its head and linked to the fields.
func faults(_ faults: [FieldFault], _ words: Words) -> [Node] {
  guard !faults.isEmpty else { return [] }
  return [
    el("div", .class("notice bad"), Attribute("role", "alert")) {
      el("h2") { words("form.faults") }
      el("ul") {
        faults.map { fault in el("li") { link(Target(fragment: fault.field)) { fault.text } } }
      }
    }
  ]
}

/// What is wrong with one field.
struct FieldFault: Sendable, Hashable {
  let field: String
  let text: String
}

extension [FieldFault] {
  func text(of field: String) -> String? { first { $0.field == field }?.text }
}
