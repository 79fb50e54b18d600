public import Casework
public import Domain
public import Workers

/// How far an exercise has come, beside its record; what is missing in it is done again, without a second effect.
public struct ExerciseProgress: Sendable, Hashable {
  public let items: Int64
  public let seed: String
  /// How often it was started.
  public var run: Int
  /// The instant of the last step that was done whole.
  public var done: Instant?

  public init(items: Int64, seed: String) {
    self.items = items
    self.seed = seed
    run = 0
    done = nil
  }

  public init(parsing bytes: [UInt8]) throws {
    let json = try JSONObject(parsing: bytes)
    items = try json.integer("items")
    seed = try json.text("seed")
    run = Int(try json.integer("run"))
    done = try json.optionalText("done").flatMap { Instant(rfc3339: $0) }
  }

  public var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      if let done {
        json.key("done")
        json.instant(done)
      }
      json.key("items")
      json.integer(items)
      json.key("run")
      json.integer(Int64(run))
      json.key("seed")
      json.string(seed)
    }
    return json.finish()
  }
}

/// What an exercise stands on: the record's desk on virtual time, the workers, and the range.
public struct ExerciseStage: Sendable {
  public let desk: Desk
  public let clock: VirtualClock
  public let random: StepRandom
  public let chance: Chance
  public let workers: [any Worker]
  public let range: RangeControl
  /// Where the range finds our API.
  public let callback: String
  public let webhookSecret: [UInt8]
  /// The packs of the range's providers.
  public let packs: [String]
  /// Keeps the progress durably.
  public let keep: @Sendable (ExerciseProgress) throws -> Void
  /// Told now and then how much of the time has passed, from 0 to 1.
  public let report: @Sendable (_ share: Double, _ at: Instant) -> Void

  public init(
    desk: Desk, clock: VirtualClock, random: StepRandom, chance: Chance, workers: [any Worker], range: RangeControl,
    callback: String, webhookSecret: [UInt8], packs: [String],
    keep: @escaping @Sendable (ExerciseProgress) throws -> Void,
    report: @escaping @Sendable (_ share: Double, _ at: Instant) -> Void
  ) {
    self.desk = desk
    self.clock = clock
    self.random = random
    self.chance = chance
    self.workers = workers
    self.range = range
    self.callback = callback
    self.webhookSecret = webhookSecret
    self.packs = packs
    self.keep = keep
    self.report = report
  }
}
