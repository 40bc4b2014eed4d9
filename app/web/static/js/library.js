// Libraries that only some pages need are fetched when something asks for them.
const loading = new Map();

/** Returns a promise of the global that a file of the vendor folder defines. */
export function library(file, name) {
  if (!loading.has(file)) {
    loading.set(file, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.assets}vendor/${file}`;
      script.nonce = document.querySelector("script[nonce]").nonce;
      script.onload = () => resolve(window[name]);
      script.onerror = reject;
      document.head.append(script);
    }));
  }
  return loading.get(file);
}
