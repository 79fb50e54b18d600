import Casework
public import Domain
import Storage
import Workers

/// Runs a whole operation against the range, in virtual time: only waiting is virtual.
public struct Director: Sendable {
  private let stage: ExerciseStage
  private let cast: Cast
  private var scene: Scene
  private var progress: ExerciseProgress
  /// When each worker wants to be called again.
  private var wanted: [Instant?]
  /// When the range has something to tell.
  private var rangeDue: Instant?
  private var shown = -1.0
  /// Until the first step of a run that goes on.
  private var isResuming: Bool

  /// Between two calls at the range while answers come in: what arrives meanwhile waits for the round.
  private static let roundSeconds: Int64 = 2 * 3_600

  /// Raises the curtain: the people, the operation, the outlets and cases are on record.
  public init(_ stage: ExerciseStage, progress: ExerciseProgress) async throws {
    self.stage = stage
    self.progress = progress
    isResuming = progress.run > 1
    // An interrupted step has begun to happen: neither the record nor the range goes back behind it.
    stage.clock.move(to: progress.done ?? Timeline.start)
    stage.clock.move(to: try await stage.desk.store.read { try $0.journalHead().at })
    stage.random.begin("cast")
    cast = try await Cast.assemble(at: stage.desk, packs: stage.packs)
    scene = try await Scene.set(at: stage.desk, cast: cast)
    stage.clock.move(
      to: try await stage.range.configure(
        callback: stage.callback, credentials: cast.desks, webhookSecret: stage.webhookSecret))
    wanted = Array(repeating: stage.clock.now(), count: stage.workers.count)
  }

  var desk: Desk { stage.desk }
  var coordinator: Caller { cast.coordinator }

  /// The operation whose figures are the exercise's.
  public var operation: ID<Operation> { scene.operation }

  /// Takes the tokens of this run away: nobody acts as somebody of the cast any more.
  public func retire() async throws {
    let owner = try await desk.owner()
    for token in try await desk.tokens(as: owner) where token.revokedAt == nil && token.label == "exercise" {
      try await desk.revokeToken(token.id, as: owner)
    }
  }

  /// Runs to the end, or throws ``ExerciseFault``; run again with the same record it goes on.
  public mutating func run() async throws {
    for (at, step) in Timeline.steps where progress.done.map({ at > $0 }) ?? true {
      try await advance(to: at)
      try await perform(step, at: at)
      progress.done = at
      try stage.keep(progress)
    }
    try await advance(to: max(Timeline.end, stage.clock.now()))
    // Who was held or came back late is looked at for ninety days too.
    while let next = wanted.compactMap(\.self).min() { try await advance(to: next) }
    stage.report(1, Timeline.end)
  }

  // MARK: Time

  /// Lets time pass up to a step: answers arrive, workers do what falls due.
  private mutating func advance(to end: Instant) async throws {
    while true {
      try Task.checkCancellation()
      let next = min([rangeDue.map(roundUp), wanted.compactMap(\.self).min()].compactMap(\.self).min() ?? end, end)
      stage.clock.move(to: next)
      tell(next)
      // The range stands at the same instant as we do, whoever has something to do at it.
      try await hearRange(at: next)
      try await runWorkers(at: next)
      if next == end, !isDue(at: end) { return }
    }
  }

  private func isDue(at instant: Instant) -> Bool { wanted.contains { $0.map { $0 <= instant } ?? false } }

  private mutating func hearRange(at instant: Instant) async throws {
    stage.random.begin("answers \(instant)")
    rangeDue = try await stage.range.move(to: instant)
  }

  private mutating func runWorkers(at instant: Instant) async throws {
    var hasChanged = false
    for (position, worker) in stage.workers.enumerated() {
      let due = wanted[position] ?? Timeline.end
      // What one worker did may bring work for the next: a delivery, for instance, makes looks due.
      guard hasChanged || due <= instant, wanted[position] != nil || hasChanged else { continue }
      hasChanged = true
      stage.random.begin("\(worker.name) \(instant) \(due)")
      wanted[position] = try await worker.runDue(at: instant)
    }
  }

  private func roundUp(_ instant: Instant) -> Instant {
    let round = Self.roundSeconds * 1_000_000
    return Instant(microseconds: (instant.microseconds + round - 1) / round * round)
  }

  private mutating func tell(_ instant: Instant) {
    let span = Double(Timeline.end.microseconds - Timeline.start.microseconds)
    let share = Double(instant.microseconds - Timeline.start.microseconds) / span
    guard share - shown >= 0.001 else { return }
    shown = share
    stage.report(share, instant)
  }

  // MARK: Steps

  private mutating func perform(_ step: Timeline.Step, at instant: Instant) async throws {
    stage.random.begin("\(step) \(instant)")
    switch step {
    case .observe(let from): try await scene.observe(from: from, to: instant, range: stage.range, cast: cast)
    case .work(let from):
      // What an interrupted run left behind lies before this step's own reports.
      let before = isResuming ? -1 : try await scene.journalSize(at: stage.desk)
      try await report(try await stage.range.reports(from: from, to: instant), step: "reports \(instant)")
      try await pipeline(scene.operation, at: instant).run(after: before)
      if instant >= Timeline.hHour { try await scene.arrest(cast: cast) }
    case .returns(let from):
      let before = isResuming ? -1 : try await scene.journalSize(at: stage.desk)
      try await takeIn(try await stage.range.returns(from: from, to: instant), at: instant)
      try await pipeline(scene.watch, at: instant).run(after: before)
    case .sweep:
      for operation in [scene.operation, scene.watch] { try await pipeline(operation, at: instant).sendReleased() }
    }
    isResuming = false
    // What was just made may be due: the workers look at once.
    wanted = wanted.map { _ in instant }
    try await advance(to: instant)
  }

  private func pipeline(_ operation: ID<Operation>, at instant: Instant) -> Pipeline {
    Pipeline(
      desk: stage.desk, cast: cast, chance: stage.chance, operation: operation,
      release: operation == scene.operation && instant < Timeline.hHour ? .hHour : .atOnce)
  }

  private func report(_ reports: [RangeControl.Report], step: String) async throws {
    for unit in cast.units {
      let own = reports.filter { cast.unit(named: $0.unit).name == unit.name }
      try await Intake(desk: stage.desk, chance: stage.chance).report(
        own.map(\.address), by: unit, operation: Scene.operationName, step: step)
    }
  }

  /// Copies and successors become items of the watch, related to what they are copies of.
  private func takeIn(_ returns: [RangeControl.Return], at instant: Instant) async throws {
    let found = returns.filter { $0.relation != "reappeared" }
    let unit = cast.units[0]
    let intake = Intake(desk: stage.desk, chance: stage.chance)
    let ids = try await intake.report(
      found.map(\.address), by: unit, operation: Scene.watchName, step: "returns \(instant)")
    try await intake.relate(zip(ids, found).map { ($0, $1.original, $1.relation) }, by: unit)
  }
}
