import Casework
import Domain
import Storage

/// One computation of each board for all who look at it, made only when the journal has grown.
///
/// Viewers are sent a new one at most every 250 ms; how much of the time goes into computing is bounded, so that they
/// can't slow the record down.
actor LiveBoards {
  /// Agencies see different items of one operation; people of one agency see the same.
  private struct Scope: Hashable {
    let operation: ID<Operation>
    let agency: ID<Agency>
  }

  /// What a viewer is sent: the newest board, with a number that tells whether they have it already.
  struct Update: Sendable {
    let number: Int
    let markup: [UInt8]
  }

  private struct Viewer {
    let caller: Caller
    let continuation: AsyncStream<Update>.Continuation
  }

  private struct Feed {
    var viewers: [Int: Viewer] = [:]
    var update: Update?
    var journalSize: Int64 = -1
    var nextComputation: ContinuousClock.Instant
  }

  static let mostViewers = 1_000
  private static let mostKept = 64
  private static let shortestInterval = Duration.milliseconds(250)
  /// A change that just missed a computation is in the next, which then takes its own time.
  private static let promptInterval = Duration.milliseconds(550)
  private static let look = Duration.milliseconds(50)
  private static let beat = Duration.seconds(2)
  private static let check = Duration.seconds(5)

  private let desk: Desk
  private let words: Words
  private let clock = ContinuousClock()
  private var feeds: [Scope: Feed] = [:]
  private var kept: [Scope: OperationBoard] = [:]
  private var running: [Scope: Task<OperationBoard, any Error>] = [:]
  private var viewerCount = 0
  private var nextViewer = 0
  private var isRunning = false

  init(desk: Desk, words: Words) {
    self.desk = desk
    self.words = words
  }

  /// The board as it is now, computed for this visitor only if nobody has looked since the journal grew.
  func board(of operation: ID<Operation>, as caller: Caller) async throws -> OperationBoard {
    try await requirePart(in: operation, caller)
    let scope = Scope(operation: operation, agency: caller.user.agency)
    let size = try await RecordReading.journalSize(desk)
    if let board = kept[scope], board.journalSize >= size { return board }
    let board = try await shared(scope, caller)
    // Somebody else's computation may have begun before the visitor's own last entry.
    return board.journalSize >= size ? board : try await shared(scope, caller)
  }

  /// Throws unless the caller's agency takes part; far cheaper than a board.
  private func requirePart(in operation: ID<Operation>, _ caller: Caller) async throws {
    guard try await desk.operations(as: caller).contains(where: { $0.id == operation }) else {
      throw Refusal.notFound("such operation")
    }
  }

  private func shared(_ scope: Scope, _ caller: Caller) async throws -> OperationBoard {
    // What another's computation is refused is their affair.
    if let board = try? await running[scope]?.value { return board }
    let task = Task { [desk] in try await desk.board(of: scope.operation, as: caller) }
    running[scope] = task
    defer { running[scope] = nil }
    let board = try await task.value
    if kept.count >= Self.mostKept, kept[scope] == nil { kept.removeAll() }
    kept[scope] = board
    return board
  }

  /// Updates from now on, the newest alone where a viewer is slow; nil where there are too many viewers.
  func updates(of operation: ID<Operation>, for caller: Caller) async throws -> AsyncStream<Update>? {
    try await requirePart(in: operation, caller)
    guard viewerCount < Self.mostViewers else { return nil }
    let scope = Scope(operation: operation, agency: caller.user.agency)
    let number = nextViewer
    nextViewer += 1
    viewerCount += 1
    let (stream, continuation) = AsyncStream.makeStream(of: Update.self, bufferingPolicy: .bufferingNewest(1))
    continuation.onTermination = { [weak self] _ in Task { await self?.leave(scope, number) } }
    feeds[scope, default: Feed(nextComputation: clock.now)].viewers[number] = Viewer(
      caller: caller, continuation: continuation)
    if let update = feeds[scope]?.update { continuation.yield(update) }
    if !isRunning {
      isRunning = true
      Task { await run() }
    }
    return stream
  }

  private func leave(_ scope: Scope, _ number: Int) {
    guard feeds[scope]?.viewers.removeValue(forKey: number) != nil else { return }
    viewerCount -= 1
    if feeds[scope]?.viewers.isEmpty == true { feeds[scope] = nil }
  }

  /// Runs while somebody looks.
  private func run() async {
    var nextBeat = clock.now
    var nextCheck = clock.now.advanced(by: Self.check)
    while viewerCount > 0 {
      if let size = try? await RecordReading.journalSize(desk) {
        for scope in feeds.keys {
          guard let feed = feeds[scope], feed.journalSize != size, feed.nextComputation <= clock.now else { continue }
          await compute(scope, size)
        }
      }
      if nextCheck <= clock.now {
        nextCheck = clock.now.advanced(by: Self.check)
        await dismissSignedOut()
      }
      if nextBeat <= clock.now {
        nextBeat = clock.now.advanced(by: Self.beat)
        for feed in feeds.values { send(feed) }
      }
      try? await clock.sleep(for: Self.look)
    }
    isRunning = false
  }

  /// A fifth of the time goes into computing, or more where a change would otherwise take longer than a second
  /// to be shown; half of it at most.
  private static func pause(after spent: Duration) -> Duration {
    max(shortestInterval - spent, min(spent * 4, max(promptInterval - spent, spent)))
  }

  private func send(_ feed: Feed) {
    guard let update = feed.update else { return }
    for viewer in feed.viewers.values { viewer.continuation.yield(update) }
  }

  /// Computes in the name of one of the viewers; one who may not any more is sent away and another asked.
  private func compute(_ scope: Scope, _ size: Int64) async {
    while let (number, viewer) = feeds[scope]?.viewers.first {
      let start = clock.now
      do {
        let fresh = kept[scope].flatMap { $0.journalSize >= size ? $0 : nil }
        let board = if let fresh { fresh } else { try await shared(scope, viewer.caller) }
        let markup = MarkupWriter.bytes(of: BoardFragment(board: board, words: words).nodes)
        let spent = start.duration(to: clock.now)
        guard var feed = feeds[scope] else { return }
        if feed.update?.markup != markup {
          feed.update = Update(number: (feed.update?.number ?? 0) + 1, markup: markup)
        }
        feed.journalSize = board.journalSize
        feed.nextComputation = clock.now.advanced(by: Self.pause(after: spent))
        feeds[scope] = feed
        send(feed)
        return
      } catch is Refusal {
        viewer.continuation.finish()
        leave(scope, number)
      } catch {
        // The record is not available now; the viewers' pages show that their data are old.
        feeds[scope]?.nextComputation = clock.now.advanced(by: .seconds(1))
        return
      }
    }
  }

  private func dismissSignedOut() async {
    for (scope, feed) in feeds {
      for (number, viewer) in feed.viewers {
        do { _ = try await desk.currentUser(viewer.caller) } catch is Refusal {
          viewer.continuation.finish()
          leave(scope, number)
        } catch { continue }
      }
    }
  }
}
