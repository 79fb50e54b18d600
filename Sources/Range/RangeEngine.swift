import Domain
import Glibc
import Locators
import Synchronization

/// A running range: its world, its state behind a lock, and the files that the state is folded from.
package final class RangeEngine: Sendable {
  struct Shared {
    var state: RangeState
    var contact: ReceiverContact
    /// A call that moves the clock is under way.
    var isMoving = false
  }

  package let world: World
  let hosts: HostNames
  let canonicalizer: Canonicalizer
  let isRealTime: Bool
  let controlToken: String?
  let directory: RangeDirectory
  let shared: Mutex<Shared>

  /// Builds the world, opens the directory and takes up where an earlier run was.
  package init(_ options: RangeOptions) throws(RangeFault) {
    let packs: ProviderPacks
    do { packs = try ProviderPacks.shipped() } catch { throw .packs(error.description) }
    hosts = try HostNames(packs)
    canonicalizer = Canonicalizer(packs: packs)
    isRealTime = options.isRealTime
    controlToken = options.controlToken
    directory = try RangeDirectory(
      path: options.directory, seed: options.seed, items: options.items, isVirtual: !options.isRealTime)
    world = World(seed: options.seed, reports: options.items, isVirtual: !options.isRealTime)
    let progress = try directory.readProgress()
    var state = RangeState(
      world: world, canonicalizer: canonicalizer, isVirtual: !isRealTime,
      now: isRealTime ? .min : RangeCalendar.begin, acknowledged: progress.acknowledged)
    try directory.fold(into: &state)
    if let clock = progress.clock { state.advance(to: clock) }
    if isRealTime { state.advance(to: Self.systemSecond()) }
    shared = Mutex(Shared(state: state, contact: options.contact))
  }

  /// Lets another range take up what stands in the directory; nothing is to be asked of this one any more.
  package func release() { directory.messages.release() }

  /// The second of the machine's clock.
  static func systemSecond() -> Int32 {
    RangeCalendar.second(Instant(microseconds: Int64(time(nil)) * 1_000_000))
  }

  /// Brings a real clock's state up to now; a virtual one moves only when it is told to.
  func keepUp(_ shared: inout Shared) {
    if isRealTime { shared.state.advance(to: max(shared.state.now, Self.systemSecond())) }
  }

  package func configure(_ contact: ReceiverContact) {
    shared.withLock { shared in
      if let callback = contact.callback { shared.contact.callback = callback }
      shared.contact.credentials.merge(contact.credentials) { _, new in new }
      if let secret = contact.webhookSecret { shared.contact.webhookSecret = secret }
    }
  }
}
