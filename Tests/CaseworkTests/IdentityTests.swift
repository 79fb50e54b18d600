import Casework
import Domain
import Foundation
import Locators
import SQLiteEngine
import Storage
import TestDesks
import TestPorts
import Testing

@Suite("Identity") struct IdentityTests {
  @Test("an installation is founded once, however often and from wherever it is asked for")
  func founding() async throws {
    let test = try await TestDesk(agencyName: "First")
    #expect(try await test.size() == 1)
    let owners = try await withThrowingTaskGroup(of: User.self) { group in
      for number in 0..<10 { group.addTask { try await test.desk.foundInstallation(agencyName: "Unit \(number)") } }
      return try await group.reduce(into: Set()) { $0.insert($1.id) }
    }
    #expect(owners == [test.owner.user.id])
    #expect(try await test.size() == 1)
    #expect(try await test.desk.agencies(as: test.owner).map(\.name) == ["First"])
    #expect(test.owner.user.isOwner && test.owner.user.roles == Set(Role.staff))
  }

  @Test("an empty database has no owner to act as")
  func noOwner() async throws {
    let directory = FileManager.default.temporaryDirectory.path + "/cordon-casework-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let (clock, random) = (SteppingClock(), SeededRandom(seed: 1))
    let store = try await Store(engine: SQLiteFile(path: directory + "/record.db"), clock: clock, random: random)
    let desk = Desk(
      store: store, keys: try await TestDesk().desk.keys, locators: Canonicalizer(packs: try ProviderPacks.shipped()),
      blobs: MemoryBlobs(), clock: clock, random: random)
    await #expect(throws: Refusal.self) { try await desk.owner() }
  }

  @Test("a token lets its user in until it is revoked, and its secret is not on record")
  func tokens() async throws {
    let test = try await TestDesk()
    let user = try await test.desk.addUser("Ann", roles: [.analyst], agencyName: nil, password: nil, as: test.owner)
    let token = try await test.desk.createToken(for: " ANN ", label: "import", expiresAt: nil, as: test.owner)
    let caller = try await test.desk.authenticate(token.secret)
    #expect(caller.user == user)
    #expect(caller.viewer == Viewer(user: user.id, agency: test.owner.user.agency))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: test.directory + "/record.db-wal"))
    #expect(bytes.range(of: Data(token.secret.utf8)) == nil && bytes.range(of: Data("import".utf8)) != nil)
    try await test.desk.revokeToken(token.id, as: test.owner)
    let size = try await test.size()
    try await test.desk.revokeToken(token.id, as: test.owner)
    #expect(try await test.size() == size)
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.authenticate(token.secret) }
    // Whoever was let in before is out too.
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.items(.init(), as: caller) }
    #expect(try await test.desk.tokens(as: test.owner).map { $0.revokedAt != nil } == [true])
    await #expect(throws: Refusal.self) { try await test.desk.revokeToken(ID(user.id.identifier), as: test.owner) }
    #expect(try await test.faults() == [])
  }

  @Test("a token that expires lets nobody in from that instant on")
  func expiry() async throws {
    let test = try await TestDesk()
    _ = try await test.desk.addUser("ann", roles: [.analyst], agencyName: nil, password: nil, as: test.owner)
    let expiresAt = test.clock.now().adding(seconds: 60)
    let token = try await test.desk.createToken(for: "ann", label: nil, expiresAt: expiresAt, as: test.owner)
    let caller = try await test.desk.authenticate(token.secret)
    test.clock.move(bySeconds: 59)
    _ = try await test.desk.authenticate(token.secret)
    test.clock.move(bySeconds: 1)
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.authenticate(token.secret) }
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.items(.init(), as: caller) }
  }

  @Test(
    "what is no secret lets nobody in",
    arguments: ["", "cordon_token_", "cordon_session_", "x", "cordon_token_" + String(repeating: "0", count: 64)])
  func noSecret(secret: String) async throws {
    let test = try await TestDesk()
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.authenticate(secret) }
  }

  @Test("a password opens a session for a shift; signing out ends it")
  func sessions() async throws {
    let test = try await TestDesk()
    let user = try await test.desk.addUser(
      "ann", roles: [.analyst], agencyName: nil, password: "correct horse battery", as: test.owner)
    let session = try await test.desk.signIn(name: "Ann", password: "correct horse battery")
    let caller = try await test.desk.authenticate(session.secret)
    #expect(caller.user == user)
    #expect(session.expiresAt > test.clock.now().adding(seconds: Desk.sessionSeconds - 60))
    try await test.desk.signOut(caller)
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.authenticate(session.secret) }
    let other = try await test.desk.signIn(name: "ann", password: "correct horse battery")
    test.clock.move(bySeconds: Desk.sessionSeconds)
    await #expect(throws: Refusal.notSignedIn) { try await test.desk.authenticate(other.secret) }
    await #expect(throws: Refusal.self) { try await test.desk.signOut(test.owner) }
    #expect(try await test.faults() == [])
  }

  @Test("signing out a session that is closed already is recorded no second time")
  func signOutTwice() async throws {
    let test = try await TestDesk()
    _ = try await test.desk.addUser(
      "ann", roles: [.analyst], agencyName: nil, password: "correct horse battery", as: test.owner)
    let caller = try await test.desk.authenticate(
      try await test.desk.signIn(name: "ann", password: "correct horse battery").secret)
    try await test.desk.signOut(caller)
    let size = try await test.size()
    try? await test.desk.signOut(caller)
    let after = try await test.size()
    #expect(after == size)
  }

  @Test("a wrong password, an unknown name and a user without password are refused alike, and not recorded")
  func signInRefusals() async throws {
    let test = try await TestDesk()
    _ = try await test.desk.addUser(
      "ann", roles: [.analyst], agencyName: nil, password: "correct horse battery", as: test.owner)
    _ = try await test.desk.addUser("bob", roles: [.analyst], agencyName: nil, password: nil, as: test.owner)
    let size = try await test.size()
    for (name, password) in [
      ("ann", "correct horse batterz"), ("ann", ""), ("eve", "correct horse battery"), ("bob", "correct horse battery"),
    ] {
      await #expect(throws: Refusal.notSignedIn) { try await test.desk.signIn(name: name, password: password) }
    }
    #expect(try await test.size() == size)
    try await test.desk.setPassword("another long password", of: "ann", as: test.owner)
    await #expect(throws: Refusal.notSignedIn) {
      try await test.desk.signIn(name: "ann", password: "correct horse battery")
    }
    _ = try await test.desk.signIn(name: "ann", password: "another long password")
    #expect(try await test.faults() == [])
  }

  @Test("names of users and agencies are taken once, whatever their case and outer space")
  func duplicates() async throws {
    let test = try await TestDesk()
    _ = try await test.desk.addAgency("Border Unit", as: test.owner)
    _ = try await test.desk.addUser(
      "Ann Lee", roles: [.analyst], agencyName: "border unit", password: nil, as: test.owner)
    let size = try await test.size()
    for name in ["Border Unit", "  border \t UNIT "] {
      await #expect(throws: Refusal.taken("the agency name")) { try await test.desk.addAgency(name, as: test.owner) }
    }
    for name in ["Ann Lee", " ann  lee"] {
      await #expect(throws: Refusal.taken("the user name")) {
        try await test.desk.addUser(name, roles: [.linguist], agencyName: nil, password: nil, as: test.owner)
      }
    }
    #expect(try await test.size() == size)
    let users = try await test.desk.users(as: test.owner)
    #expect(users.map(\.name) == [nil, "Ann Lee"])
    #expect(users.last?.agency != test.owner.user.agency)
  }

  @Test("a user needs a name, a role, a known agency, and a password of twelve characters where there is one")
  func invalidUsers() async throws {
    let test = try await TestDesk()
    let size = try await test.size()
    for (name, roles, agency, password) in [
      ("", [.analyst], nil, nil), (" \n ", [.analyst], nil, nil), ("a\u{0}b", [.analyst], nil, nil),
      (String(repeating: "a", count: 201), [.analyst], nil, nil), ("ann", [], nil, nil),
      ("ann", [.analyst], "nowhere", nil), ("ann", [.analyst], nil, "elevenchars"), ("ann", [.analyst], nil, ""),
    ] as [(String, Set<Role>, String?, String?)] {
      await #expect(throws: Refusal.self, "\(name)") {
        try await test.desk.addUser(name, roles: roles, agencyName: agency, password: password, as: test.owner)
      }
    }
    await #expect(throws: Refusal.self) { try await test.desk.setPassword("short", of: "ann", as: test.owner) }
    await #expect(throws: Refusal.self) { try await test.desk.setRoles([.analyst], of: "ann", as: test.owner) }
    await #expect(throws: Refusal.self) {
      try await test.desk.createToken(for: "ann", label: nil, expiresAt: nil, as: test.owner)
    }
    #expect(try await test.size() == size)
  }
}
