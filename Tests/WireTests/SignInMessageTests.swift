import Testing
import Wire

@Suite("The body of a sign-in") struct SignInMessageTests {
  @Test("name and password are taken as they are")
  func reads() throws {
    let message = try SignInMessage(parsing: Array(#"{"password":" p\u00e9 ","name":"j.doe"}"#.utf8))
    #expect(message.name == "j.doe" && message.password == " pé ")
  }

  @Test(
    "without one of them, or with another type, it is refused by name",
    arguments: [
      (#"{"name":"a"}"#, "`password`"), (#"{"password":"a"}"#, "`name`"), (#"{"name":1,"password":"a"}"#, "`name`"),
      (#"{"name":"a","password":null}"#, "`password`"), ("", "JSON"), ("[]", "object"),
      (#"{"name":"a","password":"b","passwrod":"b"}"#, "`passwrod`"), (#"{"name":"\u0000","password":"b"}"#, "`name`"),
    ])
  func refusals(body: String, named: String) {
    let fault = #expect(throws: MessageFault.self) { try SignInMessage(parsing: Array(body.utf8)) }
    #expect(fault?.description.contains(named) == true, "\(fault?.description ?? "")")
  }
}
