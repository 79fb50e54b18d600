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
    await run(targets) { done in
      // On the event loop alone, as everything of a run.
      var findings = [LookFinding?](repeating: nil, count: targets.count)
      return (
        { findings[$0] = $1 },
        { done(findings.map { $0 ?? LookFinding(verdict: .unreachable, basis: .connection) }) }
      )
    }
  }

  /// Tells `each` the index and finding of every target as soon as it is made, one at a time, and keeps none.
  ///
  /// If the task is cancelled, what is not made yet is found unreachable, by time.
  public func look(at targets: [LookTarget], each: @escaping @Sendable (Int, LookFinding) -> Void) async {
    await run(targets) { done in (each, { done(()) }) }
  }

  private typealias Ends = (deliver: (Int, LookFinding) -> Void, done: () -> Void)

  private func run<Result: Sendable>(
    _ targets: [LookTarget], _ ends: @escaping @Sendable (@escaping (Result) -> Void) -> Ends
  ) async -> Result {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let handle = NIOLoopBoundBox<LookRun?>.makeEmptyBox(valueType: LookRun.self, eventLoop: loop)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.execute { [settings] in
          let (deliver, done) = ends { continuation.resume(returning: $0) }
          let run = LookRun(
            targets, settings, Dialer(loop: loop), loop.assumeIsolated(), deliver: deliver,
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

/// The packs, as far as looks need them.
struct LookProviders: Sendable {
  /// Of a provider without a pack, as of a pack that says nothing.
  private static let unknownRate = 1.0

  private let known: [String: (signs: GoneSigns, rate: Double)]
  private let unknown = GoneSigns(nil)

  init(_ packs: ProviderPacks) {
    known = Dictionary(
      packs.all.map { ($0.name, (GoneSigns($0), $0.requestsPerSecond)) }, uniquingKeysWith: { first, _ in first })
  }

  func signs(of pack: String?) -> GoneSigns { pack.flatMap { known[$0]?.signs } ?? unknown }

  /// Requests a second.
  func rate(of pack: String?) -> Double { pack.flatMap { known[$0]?.rate } ?? Self.unknownRate }
}
