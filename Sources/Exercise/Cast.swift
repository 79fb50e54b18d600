import Casework
import Domain

/// The people of an exercise, each with a token of their own; nobody acts as anybody else.
struct Cast: Sendable {
  /// The agencies that take part, the coordinating one first; the range's reports name them.
  static let agencies = ["Coordinating Agency", "IRU North", "IRU South", "Unit East", "Unit West"]

  /// An agency's working people.
  struct Unit: Sendable {
    let name: String
    let agency: ID<Agency>
    let analysts: [Caller]
    let reviewers: [Caller]
  }

  let units: [Unit]
  let coordinator: Caller
  let deconflictionOfficer: Caller
  /// Prosecutors of two agencies whose investigations ask others to wait.
  let prosecutors: [Caller]
  let desks: [(pack: String, token: String)]

  private static let hubRoles: [Role] = [
    .coordinator, .deconflictionOfficer, .signatory, .evidenceCustodian, .redressOfficer, .auditor, .administrator,
    .linguist,
  ]

  /// Adds whoever is not there yet, and gives everybody a token for this run.
  static func assemble(at desk: Desk, packs: [String]) async throws -> Cast {
    let owner = try await desk.owner()
    var assembly = Assembly(desk: desk, owner: owner, known: try await desk.users(as: owner))
    var units: [Unit] = []
    for name in agencies { units.append(try await assembly.unit(name)) }
    var hub: [Role: Caller] = [:]
    for role in hubRoles { hub[role] = try await assembly.caller("hub.\(role.rawValue)", [role], agencies[0]) }
    let prosecutors = [
      try await assembly.caller("north.prosecutor", [.prosecutor], agencies[1]),
      try await assembly.caller("east.prosecutor", [.prosecutor], agencies[3]),
    ]
    var desks: [(String, String)] = []
    for pack in packs { desks.append((pack, try await assembly.desk(of: pack))) }
    guard let coordinator = hub[.coordinator], let officer = hub[.deconflictionOfficer] else {
      throw ExerciseFault.refused("the cast is not complete")
    }
    return Cast(
      units: units, coordinator: coordinator, deconflictionOfficer: officer, prosecutors: prosecutors, desks: desks)
  }

  /// The unit that a report names; the coordinating agency takes what names none.
  func unit(named name: String) -> Unit { units.first { $0.name == name } ?? units[0] }

  /// A reviewer who is not of that agency: the second person comes from another house.
  func reviewer(for agency: ID<Agency>, of chance: Chance, _ subject: String) -> Caller {
    let others = units.filter { $0.agency != agency }.flatMap(\.reviewers)
    return others[chance.position("reviewer", subject, below: others.count)]
  }
}

/// Who is added while a cast comes together.
private struct Assembly {
  let desk: Desk
  let owner: Caller
  let known: [User]

  mutating func unit(_ name: String) async throws -> Cast.Unit {
    let word = name.split(separator: " ").last.map { $0.lowercased() } ?? "unit"
    let short = name == Cast.agencies[0] ? "hub" : word
    var analysts: [Caller] = []
    for number in 1...4 { analysts.append(try await caller("\(short).analyst.\(number)", [.analyst], name)) }
    var reviewers: [Caller] = []
    for number in 1...2 { reviewers.append(try await caller("\(short).reviewer.\(number)", [.reviewer], name)) }
    return Cast.Unit(name: name, agency: analysts[0].user.agency, analysts: analysts, reviewers: reviewers)
  }

  func caller(_ name: String, _ roles: Set<Role>, _ agency: String) async throws -> Caller {
    try await desk.authenticate(try await token(name, roles, agency))
  }

  func desk(of pack: String) async throws -> String {
    let name = "desk.\(pack)"
    let token = try await token(name, [.provider], "Provider \(pack)")
    do { try await desk.connectProvider(pack: pack, to: name, as: owner) } catch Refusal.taken {
      // An earlier run has connected it.
    }
    return token
  }

  private func token(_ name: String, _ roles: Set<Role>, _ agency: String) async throws -> String {
    if !known.contains(where: { $0.name == name }) {
      if try await desk.agencies(as: owner).contains(where: { $0.name == agency }) == false {
        _ = try await desk.addAgency(agency, as: owner)
      }
      // The coordinating agency is the one that the installation was founded with.
      let ownAgency = agency == Cast.agencies[0] ? nil : agency
      _ = try await desk.addUser(name, roles: roles, agencyName: ownAgency, password: nil, as: owner)
    }
    return try await desk.createToken(for: name, label: "exercise", expiresAt: nil, as: owner).secret
  }
}
