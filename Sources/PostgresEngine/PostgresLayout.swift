import Storage

/// What is in the record's schema, told in lines that do not name the schema itself.
enum PostgresLayout {
  /// Tables with their columns, indexes, triggers, rules, functions and policies of the first schema of the search path.
  static func found(on connection: any Connection) throws -> [String] {
    try connection.rows("\(text) ORDER BY 1") { $0.text(0) }
  }

  /// The lines of a fresh schema in which these statements have run: a temporary one, which is rolled back.
  static func expected(after statements: [String], on connection: any Connection) throws -> [String] {
    try connection.execute("BEGIN")
    defer { try? connection.rollback() }
    try connection.execute("SET LOCAL search_path = pg_temp")
    for statement in statements { try connection.execute(statement) }
    return try found(on: connection)
  }

  private static let here = "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
  private static let text = """
    SELECT 'table ' || relname || ': ' || (
        SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod)
            || CASE WHEN attcollation <> 0 THEN ' ' || (SELECT collname FROM pg_collation WHERE oid = attcollation)
              ELSE '' END
            || CASE WHEN attnotnull THEN ' not null' ELSE '' END
            || CASE WHEN atthasdef THEN ' with default' ELSE '' END, ', ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped)
      FROM pg_class WHERE relnamespace = \(here) AND relkind IN ('r', 'p')
    UNION ALL SELECT 'relation ' || relname || ' of kind ' || relkind::text
      FROM pg_class WHERE relnamespace = \(here) AND relkind NOT IN ('r', 'p', 'i', 't')
    UNION ALL SELECT 'index ' || replace(replace(pg_get_indexdef(pg_class.oid),
        quote_ident(current_schema()) || '.', ''), 'pg_temp.', '')
      FROM pg_class WHERE relnamespace = \(here) AND relkind = 'i'
    UNION ALL SELECT 'constraint ' || conname || ' of ' || relname || ': ' || pg_get_constraintdef(pg_constraint.oid)
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE connamespace = \(here)
    UNION ALL SELECT 'trigger ' || tgname || ' on ' || relname
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = \(here) AND NOT tgisinternal
    UNION ALL SELECT 'rule ' || rulename || ' on ' || relname
      FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class WHERE relnamespace = \(here)
    UNION ALL SELECT 'policy ' || polname || ' on ' || relname
      FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = \(here)
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = \(here)
    """
}
