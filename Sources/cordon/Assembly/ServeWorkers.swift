import Casework
import Domain
import Foundation
import Gateways
import Locators
import Logging
import Meters
import Storage
import Workers

/// What `serve` does by itself on the machine's clock: dispatch, looks, deadlines, checkpoints.
struct ServeWorkers {
  private let loop: WorkerLoop
  private let keeper: LeaseKeeper
  private let report: @Sendable (String, any Error) -> Void

  /// - Parameters:
  ///   - policy: what messages may connect to.
  ///   - leaseSeconds: how long lanes stay with a process that is gone.
  init(
    _ roles: Set<ServeRole>, for installation: Installation, policy: LookPolicy, prober: any Prober,
    leaseSeconds: Int64, metrics: ServeMetrics, logger: Logger
  ) async throws {
    let desk = installation.desk
    let owner = try await desk.owner()
    let report: @Sendable (String, any Error) -> Void = { worker, error in
      metrics.workerFailures.add(1, worker)
      // The kind of fault alone: an address or a name must not reach the log.
      logger.error("a worker failed", metadata: ["worker": "\(worker)", "reason": "\(Self.logged(error))"])
    }
    let words = SystemRandom().words()
    let keeper = LeaseKeeper(
      store: desk.store, clock: SystemClock(), holder: Identifier(high: words.0, low: words.1),
      seconds: leaseSeconds, metrics: metrics)
    let reports = WorkReports(metrics: metrics, onFailure: report)
    var workers: [any Worker] = []
    if roles.contains(.deadlines) { workers.append(Deadlines(desk: desk, caller: owner, keeper: keeper)) }
    if roles.contains(.dispatch) {
      let credentials = try ProviderCredentials.read(in: installation.directory)
      let sender = try await desk.agencies(as: owner).first { $0.id == owner.user.agency }?.name
      workers.append(
        Dispatcher(
          desk: desk, caller: owner, courier: HTTPCourier(policy: policy),
          routes: DispatchRoutes(packs: desk.locators.packs, credentials: credentials), sender: sender ?? "Cordon",
          keeper: keeper, reports: reports))
    }
    if roles.contains(.looks) {
      workers.append(Looks(desk: desk, caller: owner, prober: prober, keeper: keeper, reports: reports))
    }
    if roles.contains(.checkpoints) { workers.append(Checkpoints(desk: desk, caller: owner, keeper: keeper)) }
    loop = WorkerLoop(
      workers: workers, clock: SystemClock(), commits: { [store = desk.store] in store.commits() }, onFailure: report)
    self.keeper = keeper
    self.report = report
  }

  /// Works until the task is cancelled; returns once nothing is under way.
  func run() async {
    let renewing = Task { await keeper.run { report("leases", $0) } }
    await loop.run()
    renewing.cancel()
  }

  /// Lets others go on at once.
  func handBack() async {
    do { try await keeper.handBackAll() } catch { report("leases", error) }
  }

  private static func logged(_ error: any Error) -> String {
    (error as? StorageError)?.description ?? "\(type(of: error))"
  }
}

/// The installation's credentials for providers: `keys/providers.json`, of its owner alone.
///
/// `{"wave":{"bearer":"…"},"depot":{"webhook_secret":"<hex>"}}`; a provider of an open API needs no entry.
enum ProviderCredentials {
  static func read(in directory: String) throws -> [String: Parcel.Authentication] {
    let path = directory + "/keys/providers.json"
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.noInput, "\(path) is there and can't be read: without it providers refuse what is sent")
    }
    do {
      var credentials: [String: Parcel.Authentication] = [:]
      for member in try JSONObject(parsing: Array(bytes)).members {
        guard case .object(let entry) = member.value else { throw JSONFault.wrongType(member.key) }
        if let bearer = try entry.optionalText("bearer") {
          credentials[member.key] = .bearer(bearer)
        } else {
          credentials[member.key] = .webhook(key: try entry.bytes(hex: "webhook_secret"))
        }
      }
      return credentials
    } catch {
      throw CommandFailure(
        .configuration, "\(path) can't be read: it holds an object of pack names, each with bearer or webhook_secret")
    }
  }
}
