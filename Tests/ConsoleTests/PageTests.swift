import Casework
import Domain
import HTTPTypes
import TestDesks
import Testing

@Suite("Pages")
struct PageTests {
  private static let fields = [
    "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control",
    "Cross-Origin-Opener-Policy",
  ]

  private static func check(_ answer: Browser.Answer, _ path: String) {
    for name in fields {
      let value = HTTPField.Name(name).flatMap { answer.headers[$0] }
      #expect(value != nil, "\(path) has no \(name)")
    }
    let policy = answer.headers[.contentSecurityPolicy] ?? ""
    #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "\(path): \(policy)")
  }

  @Test("every page has the headers that keep it from being anything else, refusals included")
  func headers() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", Set(Role.staff))
    let item = try await house.report(["https://a.example/1"], operation: "Action", as: house.owner)[0]
    let operation = try await house.desk.operations(as: house.owner)[0].id
    let paths = [
      "/", "/sign-in", "/operations", "/operations/\(operation)", "/operations/\(operation)/figures/reported",
      "/queue", "/queue?step=confirm", "/queue/outcomes/x", "/items/\(item)", "/items/\(item)/proof/1", "/providers",
      "/outlets", "/cases", "/interests", "/journal", "/journal/1", "/report/\(operation)", "/nothing", "/items/x",
      "/assets/0/console.css", "/assets/0/none.css",
    ]
    for path in paths { Self.check(try await browser.get(path), path) }
    Self.check(try await browser.send(.put, "/queue"), "PUT /queue")
    Self.check(try await browser.send(.post, "/operations", form: "name=x"), "POST without a token")
    Self.check(try await Browser(house.desk).get("/operations"), "not signed in")
  }

  @Test("what somebody else wrote is text, and what can't be seen in it is shown")
  func escaping() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    _ = try await house.desk.openOperation("<script>alert(1)</script> \u{202E}&\"'", as: house.owner)
    let text = try await browser.get("/operations").text
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!text.contains("<script>alert"))
    #expect(text.contains("&amp;&quot;&#39;"))
    #expect(text.contains(">U+202E</span>") && !text.contains("\u{202E}"))
  }

  @Test("no page leads to what it reports on")
  func noLinkLeadsOut() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    let item = try await house.report(["https://a.example/1"], as: house.owner)[0]
    for path in ["/queue", "/items/\(item)"] {
      let text = try await browser.get(path).text
      #expect(text.contains("https://a.example/1"))
      #expect(!text.contains("href=\"http") && !text.contains("src=\"http"))
    }
  }

  @Test("what one may not see is not found, like what there is not")
  func othersItemsAreNotFound() async throws {
    let house = try await TestDesk()
    _ = try await house.desk.addAgency("Elsewhere", as: house.owner)
    let browser = try await house.browser("eve", [.analyst], agency: "Elsewhere")
    let item = try await house.report(["https://a.example/1"], operation: "Action", as: house.owner)[0]
    let operation = try await house.desk.operations(as: house.owner)[0].id
    for path in ["/items/\(item)", "/operations/\(operation)", "/report/\(operation)", "/items/\(item)/proof/1"] {
      #expect(try await browser.get(path).status == 404, "\(path)")
    }
  }

  @Test("a refusal names the roles that may")
  func refusalsNameRoles() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    let answer = try await browser.get("/journal")
    #expect(answer.status == 403)
    #expect(answer.text.contains("auditor"))
    #expect(!(try await browser.get("/operations").text).contains("href=\"/journal\""))
  }

  @Test("a step that waits for a second person is not offered to the first, with the reason")
  func theFirstPersonIsToldWhy() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst, .reviewer])
    let item = try await house.report(["https://a.example/1"], as: house.owner)[0]
    let exemptions = Exemption.allCases.map { "&exempt_\($0.rawValue)=no" }.joined()
    let answer = try await browser.post(
      "/items/\(item)/assess", "decision=refer&categories=INCITE" + exemptions)
    #expect(answer.status == 303)
    let text = try await browser.get("/items/\(item)").text
    #expect(text.contains("you assessed it yourself"))
    #expect(!text.contains("/items/\(item)/confirm"))
    let again = try await browser.post("/items/\(item)/assess", "decision=refer&categories=INCITE" + exemptions)
    #expect(again.status == 409)
    #expect(again.text.contains("has changed since you saw it"))
  }
}
