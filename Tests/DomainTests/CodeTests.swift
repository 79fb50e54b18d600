import Domain
import Testing

/// Codes stand on the record for ever; a new one may be added here, none may be changed.
@Suite("The record's codes") struct CodeTests {
  @Test("roles")
  func roles() {
    #expect(
      Role.allCases.map(\.rawValue) == [
        "analyst", "linguist", "reviewer", "signatory", "prosecutor", "coordinator", "deconfliction_officer",
        "evidence_custodian", "redress_officer", "auditor", "administrator",
      ])
    #expect(Role.allCases.sorted().map(\.rawValue) == Role.allCases.map(\.rawValue).sorted())
  }

  @Test("kinds of item")
  func kinds() {
    #expect(
      ItemKind.allCases.map(\.rawValue) == [
        "account", "channel", "group", "post", "video", "image", "audio", "document", "file", "archive_copy",
        "link_list", "site", "page",
      ])
  }

  @Test("handling codes, the strictest last, and sharing")
  func handling() {
    #expect(HandlingCode.allCases.map(\.rawValue) == ["H0", "H1", "H2", "H3"])
    #expect(HandlingCode.allCases.max() == .h3 && HandlingCode.allCases.min() == .h0)
    #expect(Sharing.allCases.map(\.rawValue) == ["owner", "installation"])
  }

  @Test("types of event")
  func events() {
    #expect(
      EventType.allCases.map(\.rawValue) == [
        "installation.founded", "agency.added", "user.added", "user.roles_changed", "user.password_set",
        "token.created", "token.revoked", "session.opened", "session.closed", "provider.registered",
        "operation.opened", "import.opened", "import.finished", "item.reported", "item.sighted", "item.erased",
        "request.answered",
      ])
  }
}
