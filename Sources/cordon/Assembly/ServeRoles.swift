/// What one process of an installation does.
enum ServeRole: String, CaseIterable {
  case web, dispatch, looks, deadlines, checkpoints

  /// Reads a list such as `web,dispatch`.
  static func parse(_ text: String) throws -> Set<ServeRole> {
    let known = allCases.map(\.rawValue).joined(separator: ", ")
    var roles: Set<ServeRole> = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let role = ServeRole(rawValue: String(word)) else {
        throw CommandFailure(.usage, "--roles takes a list of \(known), not \"\(Terminal.shown(String(word)))\"")
      }
      roles.insert(role)
    }
    return roles
  }
}
