// Interfaces of the web.
const seen = [];
for (const text of ["http://a.b/../c?d=e f#g", "HTTP://EXAMPLE.com:80/%7Ex", "//x", "mailto:a@b", "http://[::1]:8080", "http://1.1", "file:///C|/x/../y", "http://ü.de/ß", "a:b c", "http://a b", "http://a:99999", "http://u:p@h:8/p"]) {
  for (const base of [undefined, "https://base.org/d/e?f#h"]) {
    try { seen.push(new URL(text, base).href); } catch (e) { seen.push(e.code); }
  }
}
console.log(seen);
const url = new URL("http://h/p?q=1#f");
for (const [key, value] of [["host", "x:81"], ["hostname", "y"], ["port", "80"], ["protocol", "https"], ["pathname", "a/../b c"], ["search", "z=ü"], ["hash", "a b"], ["username", "u@"], ["password", ":"], ["href", "http://new/"]]) {
  url[key] = value;
  console.log(key, url.href);
}
console.log(url, [...new URLSearchParams("a=1&b=%20&a=2").entries()], new URLSearchParams({ x: "1 2", y: "&" }).toString());
console.log(structuredClone({ a: new Map([[1, new Set([2])]]), d: new Date(0), r: /x/g, u: new Uint8Array([1]) }));
for (const bad of [() => structuredClone(() => {}), () => structuredClone(Symbol("s")), () => atob("*"), () => btoa("\u0100"), () => new TextDecoder("nope"), () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])), () => new URL(""), () => AbortSignal.abort().throwIfAborted(), () => new AbortSignal(), () => new EventTarget().dispatchEvent({}), () => new Event(), () => URL("x")]) {
  try { bad(); console.log("fine"); } catch (e) { console.log(e.name, e.code, e.message); }
}
console.log(new TextEncoder().encode("é€😀\ud800"), new TextDecoder("latin1").decode(new Uint8Array([0x41, 0xe9])), new TextDecoder("utf-16be").decode(new Uint8Array([0, 65])), new TextDecoder("shift_jis").decode(new Uint8Array([0x93, 0xfa])));
const target = new EventTarget();
target.addEventListener("x", { handleEvent(e) { console.log("object", e.type, this === e.currentTarget); } });
target.addEventListener("x", function (e) { console.log("function", this === target); e.stopImmediatePropagation(); }, { once: true });
target.addEventListener("x", () => console.log("third"));
console.log(target.dispatchEvent(new Event("x")), target.dispatchEvent(new CustomEvent("x", { detail: 5 })));
const controller = new AbortController();
const either = AbortSignal.any([controller.signal, AbortSignal.timeout(10000)]);
either.addEventListener("abort", () => console.log("either", either.reason === controller.signal.reason));
controller.signal.onabort = (e) => console.log("abort", e.type, e.isTrusted);
controller.abort();
console.log(controller, either, new DOMException("m", "DataCloneError").code, DOMException.ABORT_ERR, controller.signal.reason instanceof Error);
console.log(Object.prototype.toString.call(new URL("a:b")), String(performance), typeof performance.now(), new Event("q") instanceof Event, class extends EventTarget {}.name);
AbortSignal.timeout(5).addEventListener("abort", (e) => console.log(e.target.reason.name));
setTimeout(() => {}, 60);
