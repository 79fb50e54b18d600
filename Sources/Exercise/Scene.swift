import Casework
import Domain
import Storage

/// What stands on the stage before anybody acts: the operation, the watch, outlets and cases.
struct Scene: Sendable {
  /// The joint action, whose figures are the exercise's.
  let operation: ID<Operation>
  /// What comes back elsewhere is an operation of its own, so that the action's figures stay those of the action.
  let watch: ID<Operation>
  private let desk: Desk
  private var outlets: [String: ID<Outlet>]

  static let operationName = "Harbour Lights"
  static let watchName = "Harbour Lights: returns"

  /// Sets what is not there yet.
  static func set(at desk: Desk, cast: Cast) async throws -> Scene {
    let operation = try await open(operationName, at: desk, cast: cast)
    let watch = try await open(watchName, at: desk, cast: cast)
    if try await desk.operations(as: cast.coordinator).first(where: { $0.id == operation })?.hHour == nil,
      desk.clock.now() < Timeline.hHour
    {
      try await desk.setHHour(Timeline.hHour, of: operation, as: cast.coordinator)
    }
    var outlets: [String: ID<Outlet>] = [:]
    for known in try await desk.outlets(as: cast.coordinator) {
      if let name = known.outlet.name { outlets[name] = known.outlet.id }
    }
    for (number, prosecutor) in cast.prosecutors.enumerated() {
      guard try await desk.cases(as: prosecutor).isEmpty else { continue }
      _ = try await desk.openCase(
        reference: "EX/\(number + 1)/31", operation: operation, prosecutor: prosecutor.user.name, as: prosecutor)
    }
    return Scene(operation: operation, watch: watch, desk: desk, outlets: outlets)
  }

  private static func open(_ name: String, at desk: Desk, cast: Cast) async throws -> ID<Operation> {
    let known = try await desk.operations(as: cast.coordinator).first { $0.name == name }?.id
    let operation = if let known { known } else { try await desk.openOperation(name, as: cast.coordinator) }
    // A run that was killed right after the opening left somebody outside; joining twice changes nothing.
    for unit in cast.units where unit.agency != cast.coordinator.user.agency {
      try await desk.join(unit.name, to: operation, as: cast.coordinator)
    }
    return operation
  }

  /// Records what the public could see of the outlets on each day from the first on, without the last.
  ///
  /// An outlet is watched from the day on which it is first seen.
  mutating func observe(from: Instant, to: Instant, range: RangeControl, cast: Cast) async throws {
    var days: [(outlet: ID<Outlet>, day: OutletDay)] = []
    var day = from
    while day < to, day.adding(seconds: Timeline.day) <= to {
      for posting in try await range.postings(on: day) {
        let outlet = try await watched(posting.outlet, cast: cast)
        days.append(
          (
            outlet,
            OutletDay(day: day, posts: posting.posts, accounts: posting.accounts, reach: posting.reach)
          ))
      }
      day = day.adding(seconds: Timeline.day)
    }
    if !days.isEmpty { try await desk.observe(days, as: cast.coordinator) }
  }

  private mutating func watched(_ name: String, cast: Cast) async throws -> ID<Outlet> {
    if let outlet = outlets[name] { return outlet }
    let outlet = try await desk.registerOutlet(name, operation: operation, as: cast.coordinator)
    outlets[name] = outlet
    return outlet
  }

  func journalSize(at desk: Desk) async throws -> Int64 {
    try await desk.store.read { try $0.journalHead().size } - 1
  }

  /// A search and an arrest, on the third day, in the first of the cases.
  func arrest(cast: Cast) async throws {
    let prosecutor = cast.prosecutors[0]
    guard let file = try await desk.cases(as: prosecutor).first, file.facts.isEmpty else { return }
    let now = desk.clock.now()
    for kind in [CaseFactKind.suspect, .preservationRequest, .search, .arrest] {
      try await desk.recordFact(kind, at: now, note: nil, in: file.file.id, as: prosecutor)
    }
  }
}
