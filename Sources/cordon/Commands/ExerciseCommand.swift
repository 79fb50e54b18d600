import API
import ArgumentParser
import Casework
import Domain
import Exercise
import Foundation
import Gateways
import Logging
import Storage
import Synchronization
import Workers

/// `cordon exercise`: a whole operation against the range, in virtual time.
struct ExerciseCommand: CordonCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercise",
    abstract: "Runs a whole joint operation against nine simulated providers: 184 days in virtual time.",
    discussion: """
      Ninety days of baseline, four of action, ninety of watching. Everything goes through the use cases that `serve`
      offers, every referral and every look goes over HTTP; only waiting is virtual. The same seed gives the same
      journal. Killed and run again with the same --data it goes on where it was; without --data and --store a
      passing directory is used, whatever the environment says. What the providers got is in DIR/range.jsonl. With --serve people can watch while it runs, and the record stays open afterwards, with one
      account for each role in DIR/accounts.txt.

      EXAMPLES
        cordon exercise --items 26000 --seed 1 --data ./exercise
        cordon exercise --items 2600 --seed spring --json
        cordon exercise --items 26000 --seed 7 --store postgresql://localhost/drill --data ./drill
        cordon exercise --items 26000 --seed 1 --data ./exercise --serve --port 8080
      """)

  @Option(help: "How many reports the four days bring, duplicates included.")
  var items: Int64 = 26_000

  @Option(help: "What everything is drawn from; any text.")
  var seed: String = "1"

  @Flag(help: "Prints one JSON object.")
  var json = false

  @OptionGroup var options: DataOptions

  @Flag(help: "Serves the console while it runs and afterwards.")
  var serve = false

  @Option(help: "The port of the console; 0 lets the system choose one.")
  var port: Int = 8080

  func validate() throws {
    guard (10...5_000_000).contains(items) else { throw ValidationError("--items is 10 to 5000000") }
    guard !seed.isEmpty, seed.utf8.count <= 100 else { throw ValidationError("--seed is 1 to 100 bytes of text") }
    guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
  }

  mutating func execute() async throws {
    let startedAt = ContinuousClock.now
    // The environment names the record of one's work: an exercise must not begin there by an oversight.
    let named = try options.givenAddress
    let address = named ?? StoreAddress(directory: NSTemporaryDirectory() + "/cordon-exercise-\(UUID().uuidString)")
    let directory = address.directory
    defer { if named == nil { try? FileManager.default.removeItem(atPath: directory) } }
    let house = try await ExerciseHouse.open(address, items: items, seed: seed)
    let range = try RangeProcess(directory: directory, seed: seed, items: items)
    defer { range.stop() }
    let server = try await ExerciseServer.start(for: house, isShown: serve, port: serve ? port : 0)
    if serve { Terminal.tell("Watch it at \(server.address); the accounts are in \(Accounts.path(in: directory)).") }
    let director = try await run(
      Director(try await stage(house, range, callback: server.address), progress: house.progress), beside: server)
    var summary = try await director.summary()
    summary.wallSeconds = startedAt.duration(to: .now) / .seconds(1)
    summary.peakMebibytes = PeakMemory.mebibytes(of: getpid()) + PeakMemory.mebibytes(of: range.identifier)
    show(summary)
    if serve {
      try await director.retire()
      house.clock.release()
      Terminal.tell("The record of the exercise is open at \(server.address); Ctrl-C ends it.")
      try await server.wait()
    }
    try house.engine.close()
  }

  /// Runs to the end; a server that is asked to stop takes no answers any more, and the exercise stops with it.
  private func run(_ director: Director, beside server: ExerciseServer) async throws -> Director {
    let running = Task {
      var director = director
      try await director.run()
      return director
    }
    Task {
      try? await server.wait()
      running.cancel()
    }
    do { return try await running.value } catch {
      throw running.isCancelled ? ExerciseFault.stopped : error
    }
  }

  private func stage(
    _ house: ExerciseHouse, _ range: RangeProcess, callback: String
  ) async throws -> ExerciseStage {
    let policy = try house.policy(for: range)
    let courier = HTTPCourier(policy: policy)
    let secret = house.chance.secret("webhook secret")
    let owner = try await house.desk.owner()
    let progress = Mutex(ProgressLine("day", total: 184))
    return ExerciseStage(
      desk: house.desk, clock: house.clock, random: house.random, chance: house.chance,
      workers: [
        Deadlines(desk: house.desk, caller: owner),
        Dispatcher(
          desk: house.desk, caller: owner, courier: courier, routes: house.routes(webhookSecret: secret),
          sender: "Coordinating Agency"),
        Looks(desk: house.desk, caller: owner, prober: HTTPProber(packs: house.packs, policy: policy)),
      ],
      range: RangeControl(courier: courier, address: range.address, token: range.token), callback: callback,
      webhookSecret: secret, packs: RangeAddress.packs,
      keep: { [directory = house.directory] in try ExerciseHouse.keep($0, in: directory) },
      report: { share, _ in
        progress.withLock { line in
          line.show(done: Int64(share * 184), count: Int64(share * 184))
          if share >= 1 { line.clear() }
        }
      })
  }

  private func show(_ summary: ExerciseSummary) {
    if json {
      Terminal.print(summary.json)
    } else {
      for (name, value) in summary.members {
        Terminal.print(name.padding(toLength: 18, withPad: " ", startingAt: 0) + value)
      }
    }
  }
}
