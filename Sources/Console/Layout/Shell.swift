import Casework
import Domain

/// The frame of every page: skip link, navigation, the page's own part, and who is signed in.
struct Shell {
  enum Place: String, CaseIterable {
    case operations, queue, outlets, providers, cases, interests, journal
  }

  let words: Words
  let title: String
  /// Wide pages use the whole screen for their tables.
  var isWide = false
  /// Modules of `console/` that the page loads, without their ending.
  var scripts: [String] = []

  /// A page of somebody who is signed in.
  func root(_ visit: Visit, at place: Place?, @Content _ content: () -> [Node]) -> Node {
    document(nav: navigation(visit, at: place), content)
  }

  /// A page for nobody in particular.
  func openRoot(@Content _ content: () -> [Node]) -> Node { document(nav: [], content) }

  private func document(nav: [Node], @Content _ content: () -> [Node]) -> Node {
    el("html", Attribute("lang", words.language)) {
      el("head") {
        el("meta", Attribute("charset", "utf-8"))
        el("meta", .name("viewport"), Attribute("content", "width=device-width, initial-scale=1"))
        el("meta", .name("color-scheme"), Attribute("content", "light dark"))
        el("title") { words("shell.title", ["page": title]) }
        el("link", Attribute("rel", "stylesheet"), .href(Asset.target("console.css")))
        el("link", Attribute("rel", "icon"), .href(Asset.target("icon.svg")))
        scripts.map { el("script", .type("module"), Attribute("src", Asset.target("\($0).js").text)) }
      }
      el("body", .class(isWide ? "wide" : "text")) {
        el("a", .class("skip"), .href(Target(fragment: "main"))) { words("shell.skip") }
        el("header", .class("top")) {
          el("a", .class("brand"), .href(Target())) { words("shell.name") }
          nav
        }
        el("main", .id("main"), Attribute("tabindex", "-1"), content: content)
      }
    }
  }

  @Content private func navigation(_ visit: Visit, at place: Place?) -> [Node] {
    el("nav", .label(words("shell.nav"))) {
      el("ul") {
        Self.places(for: visit.caller).map { entry in
          el("li") {
            el(
              "a", .href(Target(entry.rawValue)), entry == place ? Attribute("aria-current", "page") : nil
            ) { words.code("nav", entry.rawValue) }
          }
        }
      }
    }
    el("div", .class("who")) {
      el("span") {
        visit.caller.user.name.map { foreign($0) } ?? el("span") { words("shell.nameless") }
        el("small") {
          visit.caller.user.roles.sorted().map { words.code("role", $0.rawValue) }.joined(separator: ", ")
        }
      }
      el("form", Attribute("method", "post"), .action(Target("sign-out"))) {
        visit.tokenField
        el("button", .class("quiet")) { words("shell.sign_out") }
      }
    }
  }

  /// What somebody may open; a link to a refusal helps nobody.
  static func places(for caller: Caller) -> [Place] {
    Place.allCases.filter { place in
      switch place {
      case .operations, .queue, .outlets, .providers: caller.permits(.readItems)
      case .cases: caller.permits(.openCases)
      case .interests: caller.permits(.registerInterests)
      case .journal: caller.permits(.readJournal)
      }
    }
  }
}

/// The heading of a page, with where it belongs and what can be done there.
func heading(_ title: [Node], above: [Node] = [], aside: [Node] = []) -> Node {
  el("div", .class("heading")) {
    el("div") {
      above.isEmpty ? nil : el("p", .class("above")) { above }
      el("h1") { title }
    }
    aside.isEmpty ? nil : el("div", .class("aside")) { aside }
  }
}

/// A part of a page under a heading of its own.
func section(_ title: String, id: String, class name: String = "panel", @Content _ content: () -> [Node]) -> Node {
  el("section", .class(name), Attribute("aria-labelledby", id)) {
    el("h2", .id(id)) { title }
    content()
  }
}

/// A link to a place on this server.
func link(_ target: Target, _ attribute: Attribute? = nil, @Content _ content: () -> [Node]) -> Node {
  el("a", .href(target), attribute, content: content)
}

/// A word that says how something stands; its colour is never all that says it.
func chip(_ text: String, _ tone: Tone = .plain) -> Node {
  el("span", .class("chip \(tone.rawValue)")) { text }
}

enum Tone: String {
  case plain, good, wait, bad
}
