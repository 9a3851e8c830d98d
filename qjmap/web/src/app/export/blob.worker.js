/* Worker that converts full buffers to Blobs, because the browser then copies the bytes to another process, which takes time. */

self.onmessage = ({ data: { place, buffer, length } }) => {
  self.postMessage({ place, buffer, blob: new Blob([new Uint8Array(buffer, 0, length)]) }, { transfer: [buffer] });
};
