import Casework
import Domain
import Foundation
import Gateways
import Locators
import Logging
import Workers

/// What `serve` does by itself on the machine's clock: dispatch, looks, deadlines, checkpoints.
enum ServeWorkers {
  /// - Parameter policy: what messages may connect to.
  static func loop(
    for installation: Installation, policy: LookPolicy, prober: any Prober, logger: Logger
  ) async throws -> WorkerLoop {
    let desk = installation.desk
    let owner = try await desk.owner()
    let credentials = try ProviderCredentials.read(in: installation.directory)
    let sender = try await desk.agencies(as: owner).first { $0.id == owner.user.agency }?.name
    let workers: [any Worker] = [
      Deadlines(desk: desk, caller: owner),
      Dispatcher(
        desk: desk, caller: owner, courier: HTTPCourier(policy: policy),
        routes: DispatchRoutes(packs: desk.locators.packs, credentials: credentials), sender: sender ?? "Cordon"),
      Looks(desk: desk, caller: owner, prober: prober),
      Checkpoints(desk: desk, caller: owner),
    ]
    return WorkerLoop(workers: workers, clock: SystemClock()) { worker, error in
      // The kind of fault alone: an address or a name must not reach the log.
      logger.error("a worker failed", metadata: ["worker": "\(worker)", "reason": "\(type(of: error))"])
    }
  }
}

/// The installation's credentials for providers: `keys/providers.json`, of its owner alone.
///
/// `{"wave":{"bearer":"…"},"depot":{"webhook_secret":"<hex>"}}`; a provider of an open API needs no entry.
enum ProviderCredentials {
  static func read(in directory: String) throws -> [String: Parcel.Authentication] {
    let path = directory + "/keys/providers.json"
    guard let bytes = FileManager.default.contents(atPath: path) else { return [:] }
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
