import Domain
import Testing

/// Codes stand on the record for ever; a new one may be added here, none may be changed.
@Suite("The record's codes") struct CodeTests {
  @Test("roles")
  func roles() {
    #expect(
      Role.allCases.map(\.rawValue) == [
        "analyst", "linguist", "reviewer", "signatory", "prosecutor", "coordinator", "deconfliction_officer",
        "evidence_custodian", "redress_officer", "auditor", "administrator", "provider",
      ])
    #expect(Set(Role.allCases).subtracting(Role.staff) == [.provider])
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
    #expect(Sharing.allCases.map(\.rawValue) == ["owner", "operation", "installation"])
  }

  @Test("types of event")
  func events() {
    #expect(
      EventType.allCases.map(\.rawValue) == [
        "installation.founded", "agency.added", "user.added", "user.roles_changed", "user.password_set",
        "token.created", "token.revoked", "session.opened", "session.closed", "provider.registered",
        "operation.opened", "import.opened", "import.finished", "item.reported", "item.sighted", "item.erased",
        "request.answered", "operation.joined", "operation.h_hour_set", "outlet.registered", "outlet.observed",
        "case.opened", "case.fact_recorded", "item.assessed", "assessment.confirmed", "assessment.returned",
        "interest.registered", "interest.withdrawn", "item.deconflicted", "item.held", "hold.lifted",
        "hold.overridden", "item.cleared", "item.referred", "dispatch.delivered", "dispatch.refused",
        "referral.answered", "referral.retracted", "dispatch.recall_delivered", "provider.desk_opened", "looks.made",
        "item.seen", "claim.contradicted", "item.reappeared", "item.related",
      ])
  }

  @Test("letters of Article 2(7), factors, exemptions, decisions")
  func assessment() {
    #expect(
      ContentCategory.allCases.map(\.rawValue) == [
        "INCITE", "SOLICIT_OFFENCE", "SOLICIT_GROUP", "INSTRUCT", "THREAT",
      ])
    #expect(
      AssessmentFactor.allCases.map(\.rawValue) == ["wording", "context", "potential_for_harm", "sanctions_list"])
    #expect(
      Exemption.allCases.map(\.rawValue) == [
        "education", "journalism", "art", "research", "countering", "controversial_views", "human_rights", "satire",
        "archive", "bystander",
      ])
    #expect(Assessment.Decision.allCases.map(\.rawValue) == ["refer", "reject"])
    #expect(Deconfliction.Result.allCases.map(\.rawValue) == ["none", "duplicate", "interest", "unknown"])
  }

  @Test("what providers say, what looks find, how it is noticed, what happens in a case")
  func liveness() {
    #expect(
      ProviderOutcome.allCases.map(\.rawValue) == [
        "removed", "disabled", "geo_blocked", "partly", "refused", "not_found",
      ])
    #expect(
      Verdict.allCases.map { "\($0.letter) \($0.rawValue)" } == [
        "L live", "R removed", "S restricted", "M moved", "P replaced", "U unreachable", "K unknown",
      ])
    #expect(
      VerdictBasis.allCases.map(\.rawValue) == [
        "page", "status_404", "status_410", "status_451", "status", "tombstone", "soft_404", "login_wall",
        "redirect_home", "redirect", "title", "refused", "name", "connection", "tls", "timeout", "budget",
        "protocol_error", "server_error",
      ])
    #expect(ReappearanceCause.allCases.map(\.rawValue) == ["look", "report"])
    #expect(ItemRelation.allCases.map(\.rawValue) == ["copy", "successor", "archive_copy"])
    #expect(
      CaseFactKind.allCases.map(\.rawValue) == ["suspect", "search", "arrest", "preservation_request", "hearing"])
  }
}
