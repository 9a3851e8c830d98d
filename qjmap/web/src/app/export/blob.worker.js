/* Worker that makes Blobs of full buffers: the browser copies their bytes to another process, which takes time. The buffer is sent back. */

self.onmessage = ({ data: { place, buffer, length } }) => {
  self.postMessage({ place, buffer, blob: new Blob([new Uint8Array(buffer, 0, length)]) }, { transfer: [buffer] });
};
