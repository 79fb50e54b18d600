import Casework
import Domain
import HTTPTypes
import Hummingbird

/// Asks others to wait at an address; what is asked is shown to nobody, the asker's own agency included.
enum InterestsPage {
  @Sendable static func show(_ visit: Visit) async throws -> Response {
    guard visit.caller.permits(.registerInterests) else { throw Refusal.notPermitted(.registerInterests) }
    return page(visit, faults: [], status: .ok)
  }

  @Sendable static func register(_ visit: Visit) async throws -> Response {
    do {
      guard let until = visit.form["until"].flatMap({ TimeText.instant(ofField: $0) }) else {
        return page(
          visit, faults: [FieldFault(field: "until", text: visit.words("interests.fault.until"))],
          status: .unprocessableContent)
      }
      let id = try await visit.desk.registerInterest(
        in: visit.form.text("address") ?? "", until: until, note: visit.form.text("note"), as: visit.caller)
      return PageReply.redirect(Target("interests", query: [("registered", id.description)]))
    } catch Refusal.invalid(let why) {
      return page(visit, faults: [FieldFault(field: "address", text: why)], status: .unprocessableContent)
    }
  }

  @Sendable static func withdraw(_ visit: Visit) async throws -> Response {
    guard let id = visit.form.text("interest").flatMap({ ID<Interest>($0) }) else {
      throw Refusal.notFound("such interest")
    }
    try await visit.desk.withdrawInterest(id, as: visit.caller)
    return PageReply.redirect(Target("interests", query: [("withdrawn", "yes")]))
  }

  private static func page(_ visit: Visit, faults found: [FieldFault], status: HTTPResponse.Status) -> Response {
    let words = visit.words
    let root = Shell(words: words, title: words("interests.title")).root(visit, at: .interests) {
      heading([.text(words("interests.title"))])
      el("p", .class("lead")) { words("interests.lead") }
      notices(visit)
      faults(found, words)
      section(words("interests.register"), id: "register") {
        form(visit, Target("interests")) {
          Field(
            name: "address", label: words("interests.address"), hint: words("interests.address.hint"),
            error: found.text(of: "address"), isNeeded: true
          ).input("text", value: visit.form["address"])
          Field(
            name: "until", label: words("interests.until"), hint: words("interests.until.hint"),
            error: found.text(of: "until"), isNeeded: true
          ).input("datetime-local", value: visit.form["until"])
          Field(name: "note", label: words("interests.note"), hint: words("interests.note.hint"))
            .input("text", value: visit.form["note"])
          el("button", .class("primary")) { words("interests.register.do") }
        }
      }
      section(words("interests.withdraw"), id: "withdraw") {
        form(visit, Target("interests", "withdraw"), .class("inline")) {
          Field(name: "interest", label: words("interests.number"), isNeeded: true).input("text", value: nil)
          el("button") { words("interests.withdraw.do") }
        }
      }
    }
    return PageReply.html(root, status: status)
  }

  @Content private static func notices(_ visit: Visit) -> [Node] {
    if let id = visit.query("registered").flatMap({ ID<Interest>($0) }) {
      el("div", .class("notice good"), Attribute("role", "status")) {
        el("p") {
          visit.words.nodes("interests.registered", ["number": [el("code", .class("id")) { id.description }]])
        }
      }
    }
    if visit.query("withdrawn") != nil {
      el("div", .class("notice good"), Attribute("role", "status")) { el("p") { visit.words("interests.withdrawn") } }
    }
  }
}
