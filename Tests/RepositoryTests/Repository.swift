import Foundation
import Testing

/// The working tree that these tests were compiled from, without what `.gitignore` names.
struct Repository: Sendable {
  let root: URL
  /// Paths below the root, in their order.
  let paths: [String]

  static let here = Repository(containing: #filePath)

  private init(containing file: String) {
    var folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    while folder.path != "/", !Self.exists(folder.appendingPathComponent("Package.swift")) {
      folder.deleteLastPathComponent()
    }
    root = folder
    let ignore = (try? String(contentsOf: folder.appendingPathComponent(".gitignore"), encoding: .utf8)) ?? ""
    var found: [String] = []
    Self.walk(folder, below: "", ignoring: IgnoreList(ignore), into: &found)
    paths = found.sorted()
  }

  private static func walk(
    _ folder: URL, below prefix: String, ignoring: IgnoreList, into found: inout [String]
  ) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      guard name != ".git", !ignoring.matches(name, atRoot: prefix.isEmpty) else { continue }
      let child = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: child.path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        walk(child, below: prefix + name + "/", ignoring: ignoring, into: &found)
      } else {
        found.append(prefix + name)
      }
    }
  }

  private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  /// Whether a file or folder is there.
  func has(_ path: String) -> Bool { Self.exists(root.appendingPathComponent(path)) }

  /// The text of a file; nil where it is missing or not UTF-8.
  func text(_ path: String) -> String? {
    guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else { return nil }
    return String(data: data, encoding: .utf8)
  }

  func paths(under folder: String, endingIn suffix: String) -> [String] {
    paths.filter { $0.hasPrefix(folder) && $0.hasSuffix(suffix) }
  }

  /// The Swift files of one target.
  func sources(of module: String) -> [SwiftSource] {
    paths(under: "Sources/\(module)/", endingIn: ".swift").map { SwiftSource(path: $0, text: text($0) ?? "") }
  }

  /// The targets that have Swift files.
  var modules: [String] {
    Set(
      paths(under: "Sources/", endingIn: ".swift").compactMap { $0.split(separator: "/").dropFirst().first }
    )
    .map(String.init).sorted()
  }
}

/// The few forms of `.gitignore` lines that this repository uses: names, `/` at the root, one `*` at an end.
private struct IgnoreList {
  private let patterns: [String]

  init(_ text: String) {
    patterns = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  func matches(_ name: String, atRoot: Bool) -> Bool {
    patterns.contains { line in
      guard atRoot || !line.hasPrefix("/") else { return false }
      let pattern = line.split(separator: "/").joined()
      if pattern.hasSuffix("*") { return name.hasPrefix(pattern.dropLast()) }
      if pattern.hasPrefix("*") { return name.hasSuffix(pattern.dropFirst()) }
      return name == pattern
    }
  }
}

extension Repository: CustomTestStringConvertible {
  /// A failed expectation would otherwise print every path.
  var testDescription: String { "the repository" }
}
