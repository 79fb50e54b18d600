import Casework
import Domain
import HTTPTypes
import TestDesks
import Testing

@Suite("Sessions and forms")
struct SessionTests {
  @Test("who is not signed in is sent to sign in, and from there to where they were going")
  func signInLeadsOn() async throws {
    let house = try await TestDesk()
    _ = try await house.desk.addUser(
      "ana", roles: [.analyst], agencyName: nil, password: TestDesk.password, as: house.owner)
    let browser = Browser(house.desk)
    let sent = try await browser.get("/queue?step=held")
    #expect(sent.status == 303)
    #expect(sent.headers[.location] == "/sign-in?next=%2Fqueue%3Fstep%3Dheld")
    let signed = try await browser.signIn("ana", password: TestDesk.password, next: "%2Fqueue%3Fstep%3Dheld")
    #expect(signed.headers[.location] == "/queue?step=held")
  }

  @Test("signing in never leads to another host", arguments: ["//evil.example", "https:evil", "/%5Cevil", "/a%0D%0Ab"])
  func signInStaysHere(next: String) async throws {
    let house = try await TestDesk()
    _ = try await house.desk.addUser(
      "ana", roles: [.analyst], agencyName: nil, password: TestDesk.password, as: house.owner)
    let signed = try await Browser(house.desk).signIn("ana", password: TestDesk.password, next: next)
    #expect(signed.status == 303)
    #expect(signed.headers[.location] == "/")
  }

  @Test("a wrong password and an unknown name are told alike, and open nothing")
  func wrongPasswords() async throws {
    let house = try await TestDesk()
    _ = try await house.browser("ana", [.analyst])
    let wrong = try await Browser(house.desk).signIn("ana", password: "wrong")
    let unknown = try await Browser(house.desk).signIn("eve", password: "wrong")
    #expect(wrong.status == 401 && unknown.status == 401)
    #expect(wrong.set.isEmpty && unknown.set.isEmpty)
  }

  @Test("the session's cookie is for our pages alone, and for TLS alone where there is TLS")
  func cookie() async throws {
    let house = try await TestDesk()
    _ = try await house.browser("ana", [.analyst])
    for (headers, isSecure) in [([:], false), (["X-Forwarded-Proto": "https"], true)] {
      let browser = Browser(house.desk)
      let token = Browser.token(in: try await browser.get("/sign-in").text)
      let answer = try await browser.send(
        .post, "/sign-in", form: "token=\(token)&name=ana&password=\(TestDesk.password)", headers: headers)
      let cookie = answer.set.first ?? ""
      #expect(cookie.hasPrefix("cordon_session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      #expect(cookie.contains("Secure") == isSecure)
    }
  }

  @Test("a form without the token of its session, or from another site, changes nothing")
  func forgedForms() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    let other = try await house.browser("eve", [.analyst])
    let own = Browser.token(in: try await browser.get("/operations").text)
    let foreign = Browser.token(in: try await other.get("/operations").text)
    let size = try await house.size()
    let attempts: [(form: String, headers: [String: String])] = [
      ("name=x", [:]), ("name=x&token=", [:]), ("name=x&token=\(foreign)", [:]),
      ("name=x&token=\(own)", ["Sec-Fetch-Site": "cross-site"]),
      ("name=x&token=\(own)", ["Sec-Fetch-Site": "same-site"]),
      ("name=x&token=\(own)", ["Origin": "https://elsewhere.example"]),
    ]
    for (form, headers) in attempts {
      #expect(try await browser.send(.post, "/operations", form: form, headers: headers).status == 403, "\(form)")
    }
    #expect(try await house.size() == size)
    let right = try await browser.send(
      .post, "/operations", form: "name=x&token=\(own)",
      headers: ["Origin": "http://desk.example", "Sec-Fetch-Site": "same-origin"])
    #expect(right.status == 303)
  }

  @Test("a form that is none, or too large, is refused")
  func oddForms() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    #expect(try await browser.send(.post, "/operations", form: "name=%zz").status == 400)
    #expect(try await browser.send(.post, "/operations", form: "name=%FF").status == 400)
    let long = "name=" + String(repeating: "x", count: 600 << 10)
    #expect(try await browser.send(.post, "/operations", form: long).status == 413)
    let many = Array(repeating: "a=1", count: 5_000).joined(separator: "&")
    #expect(try await browser.send(.post, "/operations", form: many).status == 400)
  }

  @Test("after signing out the cookie opens nothing")
  func signOut() async throws {
    let house = try await TestDesk()
    let browser = try await house.browser("ana", [.analyst])
    #expect(try await browser.get("/queue").status == 200)
    #expect(try await browser.post("/sign-out", "x=1").status == 303)
    #expect(try await browser.get("/queue").status == 303)
  }
}
