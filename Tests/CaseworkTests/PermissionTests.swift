import Casework
import Domain
import Storage
import TestDesks
import Testing

@Suite("Who may do what") struct PermissionTests {
  /// The whole matrix; a change of policy is a change of this text.
  private static let golden = """
    answer_referrals: provider
    assess_items: analyst, linguist
    confirm_assessments: reviewer, signatory
    deconflict_items: deconfliction_officer
    erase_items: redress_officer
    look_at_items: analyst, coordinator, linguist, reviewer, signatory
    manage_operations: coordinator
    manage_users: administrator
    open_cases: coordinator, prosecutor
    open_operations: analyst, coordinator
    override_holds: coordinator, prosecutor
    read_items: analyst, auditor, coordinator, deconfliction_officer, evidence_custodian, linguist, prosecutor, \
    redress_officer, reviewer, signatory
    read_journal: auditor, evidence_custodian, prosecutor
    refer_items: coordinator, signatory
    register_interests: deconfliction_officer, prosecutor
    report_items: analyst, coordinator, linguist
    retract_referrals: coordinator, redress_officer, signatory
    watch_outlets: analyst, coordinator
    """

  @Test("the matrix of roles is the one that was agreed")
  func matrix() {
    let lines = Permission.allCases.map { permission in
      "\(permission.rawValue): \(permission.roles.map(\.rawValue).sorted().joined(separator: ", "))"
    }
    #expect(lines.sorted().joined(separator: "\n") == Self.golden)
  }

  @Test("who lacks the role is refused whatever is asked, and nothing is recorded")
  func refusals() async throws {
    let test = try await TestDesk()
    let desk = test.desk
    let nobody = try await test.caller([.signatory], name: "signatory")
    let item = ID<Item>(Identifier(high: 1, low: 1))
    let before = try await test.size()
    func refused(_ permission: Permission, _ attempt: () async throws -> Void) async {
      await #expect(throws: Refusal.notPermitted(permission)) { try await attempt() }
    }
    await refused(.manageUsers) { _ = try await desk.addAgency("x", as: nobody) }
    await refused(.manageUsers) {
      _ = try await desk.addUser("x", roles: [.analyst], agencyName: nil, password: nil, as: nobody)
    }
    await refused(.manageUsers) { try await desk.setRoles([.administrator], of: "signatory", as: nobody) }
    await refused(.manageUsers) { try await desk.setPassword("a long password", of: "signatory", as: nobody) }
    await refused(.manageUsers) {
      _ = try await desk.createToken(for: "signatory", label: nil, expiresAt: nil, as: nobody)
    }
    await refused(.manageUsers) { try await desk.revokeToken(ID(item.identifier), as: nobody) }
    await refused(.manageUsers) { _ = try await desk.users(as: nobody) }
    await refused(.manageUsers) { _ = try await desk.agencies(as: nobody) }
    await refused(.manageUsers) { _ = try await desk.tokens(as: nobody) }
    await refused(.eraseItems) { _ = try await desk.eraseItem(item, basis: .led, as: nobody) }
    await refused(.readJournal) { _ = try await desk.checkpoint(as: nobody) }
    await refused(.readJournal) { _ = try await desk.proof(of: 0, as: nobody) }
    await refused(.readJournal) { _ = try await desk.journal(from: 0, limit: 1, as: nobody) }
    await refused(.reportItems) {
      var files = MemoryFiles("https://x.example/")
      _ = try await desk.importItems(ImportRequest("https://x.example/"), files: &files, as: nobody)
    }
    await refused(.reportItems) {
      var files = MemoryFiles("https://x.example/")
      _ = try await desk.previewImport(ImportRequest("https://x.example/"), files: &files, as: nobody)
    }
    #expect(try await test.size() == before)
    let administrator = try await test.caller([.administrator], name: "admin")
    await refused(.readItems) { _ = try await desk.items(.init(), as: administrator) }
    await refused(.readItems) { _ = try await desk.item(item, as: administrator) }
    await refused(.readItems) { _ = try await desk.providers(as: administrator) }
    await refused(.readItems) { _ = try await desk.operations(as: administrator) }
  }

  @Test("a right that is taken away counts at once, also for who was let in before")
  func takenAway() async throws {
    let test = try await TestDesk()
    let analyst = try await test.caller([.analyst], name: "analyst")
    #expect(analyst.permits(.readItems) && !analyst.permits(.eraseItems))
    _ = try await test.desk.items(.init(), as: analyst)
    try await test.desk.setRoles([.auditor], of: "analyst", as: test.owner)
    await #expect(throws: Refusal.notPermitted(.reportItems)) {
      var files = MemoryFiles("https://x.example/")
      _ = try await test.desk.importItems(ImportRequest("https://x.example/"), files: &files, as: analyst)
    }
    #expect(try await test.faults() == [])
  }
}
