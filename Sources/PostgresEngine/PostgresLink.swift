import CPQ
import Storage

/// A connection of libpq, closed with its last owner; used from one thread at a time.
final class PostgresLink {
  let handle: OpaquePointer
  /// The schema in which the record's tables lie, by its object identifier: names can be as long as a channel's may.
  let schema: String
  let notices: PostgresNotices
  var statements = PreparedStatements()

  private static let oldestVersion: Int32 = 150_000

  /// Connects; throws ``StorageError/unavailable(_:)`` with what to do about it.
  init(_ settings: PostgresSettings) throws {
    guard let handle = settings.connect() else { throw StorageError.unavailable("libpq is out of memory") }
    self.handle = handle
    notices = PostgresNotices(handle)
    do {
      guard PQstatus(handle) == CONNECTION_OK else {
        throw StorageError.unavailable(settings.redact(String(cString: PQerrorMessage(handle))))
      }
      schema = try Self.prepareSession(handle)
    } catch {
      PQfinish(handle)
      throw error
    }
  }

  deinit { PQfinish(handle) }

  private var isAbandoned = false

  var isLost: Bool { isAbandoned || PQstatus(handle) != CONNECTION_OK }

  /// Whether the server has closed it while it lay idle; asks without waiting.
  func wasClosed() -> Bool {
    // Its farewell comes first, and behind that the end of the stream.
    for _ in 0..<4 where !isLost && PostgresSignal.hasInput(handle, waitingMilliseconds: 0) {
      if PQconsumeInput(handle) == 0 { return true }
    }
    return isLost
  }

  /// Says that its state is not known any more: the next transaction takes a new one.
  func abandon() { isAbandoned = true }

  /// Sets what the record needs of a session, and returns the identifier of the schema that it works in.
  private static func prepareSession(_ handle: OpaquePointer) throws -> String {
    let version = PQserverVersion(handle)
    guard version >= oldestVersion else {
      throw StorageError.unavailable(
        "the server is PostgreSQL \(version / 10_000), and 15 is the oldest that this program works with: upgrade it")
    }
    // Queries of a dozen joins are planned well, and once for each connection. They are written for indexes: with
    // a limit that it can't estimate, the planner would rather walk through whole tables and hash them.
    // A holder of the lane that was stopped must not hold everybody up; a commit that nobody flushed was not kept.
    let result = PostgresResult(
      PQexec(
        handle,
        """
        SELECT (SELECT oid::text FROM pg_namespace WHERE nspname = current_schema()), set_config('idle_in_transaction_session_timeout', '30s', false),
          set_config('jit', 'off', false), set_config('plan_cache_mode', 'force_generic_plan', false),
          set_config('join_collapse_limit', '20', false), set_config('from_collapse_limit', '20', false),
          set_config('geqo', 'off', false), set_config('enable_hashjoin', 'off', false),
          set_config('enable_mergejoin', 'off', false), set_config('random_page_cost', '1.1', false),
          set_config('client_min_messages', 'warning', false),
          CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
            THEN set_config('synchronous_commit', 'on', false) END
        """))
    try result.requireSuccess(on: handle)
    guard let schema = result.textForm(0, 0) else {
      throw StorageError.unavailable("the schema of its search_path does not exist: CREATE SCHEMA makes it")
    }
    return schema
  }
}

/// What the server remarked beside its results.
final class PostgresNotices {
  /// The last warning since it was cleared.
  var warning: String?

  /// Listens for as long as the connection lives; its link owns both.
  init(_ handle: OpaquePointer) {
    PQsetNoticeReceiver(
      handle,
      { context, result in
        guard let context, let result else { return }
        let notices = Unmanaged<PostgresNotices>.fromOpaque(context).takeUnretainedValue()
        // Nonlocalized, whatever the server's language.
        guard let severity = PQresultErrorField(result, Int32(UInt8(ascii: "V"))),
          String(cString: severity) == "WARNING"
        else { return }
        notices.warning = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
