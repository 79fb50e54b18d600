public import Domain
public import Locators
import NIOCore
import NIOPosix

/// Looks at pages over HTTP, within a policy of what may be connected to and a budget for each look.
///
/// Connects only to addresses that the policy has admitted: a host's name is resolved once in a call, what it
/// resolved to is what is connected to, and every redirect is held against the same policy again (decision 0013).
/// A call takes one thread, however many addresses it is given.
public struct HTTPProber: Prober {
  /// How it introduces itself.
  public static let userAgent = "cordon-look/0.1"

  private let settings: LookSettings

  /// `concurrency`: how many looks are made at the same time, from 1 to 1,000.
  public init(
    packs: ProviderPacks, policy: LookPolicy = .publicWeb, budget: LookBudget = .standard, concurrency: Int = 100,
    resolver: any NameResolver = SystemResolver()
  ) {
    settings = LookSettings(
      policy: policy, budget: budget, providers: LookProviders(packs), resolver: resolver,
      concurrency: min(max(concurrency, 1), 1_000))
  }

  public func look(at targets: [LookTarget]) async -> [LookFinding] {
    await run(LookList(targets, settings.providers)) { done in
      // On the event loop alone, as everything of a run.
      var findings = [LookFinding?](repeating: nil, count: targets.count)
      return (
        { findings[$0] = $1 },
        { done(findings.map { $0 ?? LookFinding(verdict: .unreachable, basis: .connection) }) }
      )
    }
  }

  /// Looks at addresses, each by the pack of its host; `each` is told index and finding as soon as one is made.
  ///
  /// `each` is called for one finding at a time, and nothing else is kept of them. If the task is cancelled, what is
  /// not made yet is found unreachable, by time.
  public func look(at addresses: [String], each: @escaping @Sendable (Int, LookFinding) -> Void) async {
    await run(LookList(addresses: addresses, packs: nil)) { done in (each, { done(()) }) }
  }

  private typealias Ends = (deliver: (Int, LookFinding) -> Void, done: () -> Void)

  private func run<Result: Sendable>(
    _ list: LookList, _ ends: @escaping @Sendable (@escaping (Result) -> Void) -> Ends
  ) async -> Result {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let handle = NIOLoopBoundBox<LookRun?>.makeEmptyBox(valueType: LookRun.self, eventLoop: loop)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.execute { [settings] in
          let (deliver, done) = ends { continuation.resume(returning: $0) }
          let run = LookRun(
            list, settings, Dialer(loop: loop), loop.assumeIsolated(), deliver: deliver,
            done: {
              handle.value = nil
              done()
            })
          handle.value = run
          run.start()
        }
      }
    } onCancel: {
      loop.execute { handle.value?.cancel() }
    }
  }
}

/// What a prober was made with.
struct LookSettings: Sendable {
  let policy: LookPolicy
  let budget: LookBudget
  let providers: LookProviders
  let resolver: any NameResolver
  let concurrency: Int
}

/// What a run is to look at.
struct LookList: Sendable {
  let addresses: [String]
  /// The providers of the addresses, by their place in ``LookProviders``; nil: to be found by host.
  let packs: [Int]?

  init(addresses: [String], packs: [Int]?) {
    self.addresses = addresses
    self.packs = packs
  }

  init(_ targets: [LookTarget], _ providers: LookProviders) {
    self.init(addresses: targets.map(\.url), packs: targets.map { providers.place(ofPack: $0.pack) })
  }
}
